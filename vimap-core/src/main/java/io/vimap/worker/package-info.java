/**
 * What users write and what the child process runs. Nothing here starts a thread or a
 * process.
 */
@NullMarked
package io.vimap.worker;

import org.jspecify.annotations.NullMarked;
