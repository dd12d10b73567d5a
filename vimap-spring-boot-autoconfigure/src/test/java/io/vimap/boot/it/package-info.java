/**
 * A small application whose workers run in real child processes.
 */
package io.vimap.boot.it;
