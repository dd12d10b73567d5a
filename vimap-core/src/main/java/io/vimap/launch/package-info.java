/**
 * The only room that starts or kills an operating system process and drains its output.
 * Imports nothing of this project.
 */
@NullMarked
package io.vimap.launch;

import org.jspecify.annotations.NullMarked;
