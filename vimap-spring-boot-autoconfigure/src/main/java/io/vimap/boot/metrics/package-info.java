/**
 * The meters of pools.
 */
@NullMarked
package io.vimap.boot.metrics;

import org.jspecify.annotations.NullMarked;
