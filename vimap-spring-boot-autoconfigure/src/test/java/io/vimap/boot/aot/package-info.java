/**
 * An application for the tests of processing ahead of time.
 */
@NullMarked
package io.vimap.boot.aot;

import org.jspecify.annotations.NullMarked;
