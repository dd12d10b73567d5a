/**
 * An application that is tested with the help of this module.
 */
package io.vimap.boot.test;
