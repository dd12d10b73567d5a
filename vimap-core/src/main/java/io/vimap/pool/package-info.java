/**
 * What callers of a pool see: the pool, its streams, results, options, statistics, events
 * and exceptions. Types only: no threads, and nothing that pulls the engine in.
 */
@NullMarked
package io.vimap.pool;

import org.jspecify.annotations.NullMarked;
