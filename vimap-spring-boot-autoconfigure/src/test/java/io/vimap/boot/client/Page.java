package io.vimap.boot.client;

/**
 * An argument.
 */
record Page(int number, String text) {
}
