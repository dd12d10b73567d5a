/**
 * The health of pools.
 */
@NullMarked
package io.vimap.boot.health;

import org.jspecify.annotations.NullMarked;
