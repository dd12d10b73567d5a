/**
 * Pools in reactive streams.
 */
package io.vimap.boot.reactor;
