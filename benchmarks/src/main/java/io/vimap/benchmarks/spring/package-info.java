/**
 * A Spring Boot application that has one pool.
 */
@NullMarked
package io.vimap.benchmarks.spring;

import org.jspecify.annotations.NullMarked;
