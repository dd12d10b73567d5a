/**
 * What the pool is compared with, written for that purpose.
 */
@NullMarked
package io.vimap.benchmarks.reference;

import org.jspecify.annotations.NullMarked;
