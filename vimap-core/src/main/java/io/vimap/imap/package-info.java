/**
 * One imap, whoever runs it: its description as the caller gives it, and the stream of
 * its results as the caller reads it.
 */
@NullMarked
package io.vimap.imap;

import org.jspecify.annotations.NullMarked;
