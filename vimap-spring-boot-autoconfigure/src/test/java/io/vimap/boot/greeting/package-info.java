/**
 * An application for tests that start one in a process of its own.
 */
@NullMarked
package io.vimap.boot.greeting;

import org.jspecify.annotations.NullMarked;
