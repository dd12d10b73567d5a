package io.vimap.boot.client;

import org.jspecify.annotations.Nullable;

/**
 * What a call returned, in the child. In the parent it is the value alone.
 *
 * @param method the method that returned it
 * @param value what it returned
 */
record ClientResult(ClientMethod method, @Nullable Object value) {
}
