/**
 * What runs in the children.
 */
@NullMarked
package io.vimap.benchmarks.workers;

import org.jspecify.annotations.NullMarked;
