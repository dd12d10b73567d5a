/**
 * The benchmark: runs rows, each in a JVM of its own, and shows their results.
 */
@NullMarked
package io.vimap.benchmarks;

import org.jspecify.annotations.NullMarked;
