/**
 * Help for the tests of applications that have pools.
 */
@NullMarked
package io.vimap.boot.test.autoconfigure;

import org.jspecify.annotations.NullMarked;
