/**
 * What an application of Spring Boot sees of vimap: the annotation of a worker, the pools
 * as beans, and the callbacks to shape them.
 */
@NullMarked
package io.vimap.boot;

import org.jspecify.annotations.NullMarked;
