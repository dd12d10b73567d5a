/**
 * A demonstration of vimap: sends the requests of a file to HTTP servers, each of which
 * has a worker process with a session of its own.
 */
@NullMarked
package io.vimap.demo;

import org.jspecify.annotations.NullMarked;
