/**
 * Help for the tests of those who use pools: pools without processes, pools that record,
 * and workers that die on purpose.
 */
@NullMarked
package io.vimap.testing;

import org.jspecify.annotations.NullMarked;
