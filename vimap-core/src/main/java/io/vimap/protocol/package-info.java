/**
 * What both JVMs must agree on: frames, codecs, the socket connection. A leaf: it imports
 * nothing of this project. {@code docs/protocol.md} is its specification.
 */
@NullMarked
package io.vimap.protocol;

import org.jspecify.annotations.NullMarked;
