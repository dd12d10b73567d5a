/**
 * Typed clients: interfaces whose methods run in a pool. A call travels as one input, by
 * a codec that both sides make from the interface.
 */
@NullMarked
package io.vimap.boot.client;

import org.jspecify.annotations.NullMarked;
