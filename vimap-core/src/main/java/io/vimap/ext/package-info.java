/**
 * Recipes for what pools are often used for: files of a directory, folding results.
 */
@NullMarked
package io.vimap.ext;

import org.jspecify.annotations.NullMarked;
