/**
 * An application with a client.
 */
package io.vimap.boot.client;
