package io.vimap.demo;

import java.net.URI;

/**
 * What is bound to each worker once, when its process starts: an entry of
 * {@code vimap.pools.requests.workers}.
 *
 * @param server the server that the worker sends its requests to
 */
record ServerArgs(URI server) {
}
