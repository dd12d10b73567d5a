/**
 * Pools in the shape of Spring Batch.
 */
@NullMarked
package io.vimap.boot.batch;

import org.jspecify.annotations.NullMarked;
