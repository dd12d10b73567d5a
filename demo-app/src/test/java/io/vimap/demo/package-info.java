/**
 * Tests of the demo.
 */
@NullMarked
package io.vimap.demo;

import org.jspecify.annotations.NullMarked;
