/**
 * The front door: wires the rooms.
 */
@NullMarked
package io.vimap;

import org.jspecify.annotations.NullMarked;
