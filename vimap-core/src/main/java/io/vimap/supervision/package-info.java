/**
 * Keeps N workers alive: start, handshake, restart, back-off, recycle, stop. Never
 * touches a task.
 */
@NullMarked
package io.vimap.supervision;

import org.jspecify.annotations.NullMarked;
