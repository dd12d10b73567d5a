package io.vimap.boot.client;

/**
 * A generic interface that a client extends.
 */
interface Renderer<I, O> {

	O render(I input);

}
