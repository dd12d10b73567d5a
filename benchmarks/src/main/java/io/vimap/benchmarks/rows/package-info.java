/**
 * What is measured, one class per row of the table.
 */
@NullMarked
package io.vimap.benchmarks.rows;

import org.jspecify.annotations.NullMarked;
