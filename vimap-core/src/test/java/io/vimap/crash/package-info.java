/**
 * What happens when workers crash, hang or lie: tests over the public API with real child
 * processes.
 */
package io.vimap.crash;
