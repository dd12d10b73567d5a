/**
 * Brings each task to a ready worker and its result back: order, bounds, fairness,
 * deadlines, retries.
 */
@NullMarked
package io.vimap.dispatch;

import org.jspecify.annotations.NullMarked;
