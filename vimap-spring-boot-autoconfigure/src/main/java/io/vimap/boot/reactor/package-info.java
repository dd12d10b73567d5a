/**
 * Pools in the shape of Project Reactor.
 */
@NullMarked
package io.vimap.boot.reactor;

import org.jspecify.annotations.NullMarked;
