/**
 * What the tests scan for workers.
 */
package io.vimap.boot.autoconfigure.workers;
