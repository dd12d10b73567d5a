/**
 * Pools without processes, for debuggers and unit tests: the workers run in the caller's
 * JVM and on the caller's thread, made by the code that makes them in a child, and fed
 * through the same codecs. A room of its own, because it needs what both sides need, and
 * nothing but the front door needs it.
 */
@NullMarked
package io.vimap.serial;

import org.jspecify.annotations.NullMarked;
