/**
 * The program inside the child: one task thread that runs the worker and reads the socket
 * while it is idle, one control thread that reads it while a task takes long.
 */
@NullMarked
package io.vimap.child;

import org.jspecify.annotations.NullMarked;
