/**
 * Frames and codecs alone, with JMH.
 */
@NullMarked
package io.vimap.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
