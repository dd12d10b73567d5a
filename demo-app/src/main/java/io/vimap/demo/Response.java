package io.vimap.demo;

/**
 * What a worker makes of a {@link Line}: the server's answer, and who got it.
 *
 * @param server the server that answered
 * @param pid the process id of the worker that asked
 * @param status the HTTP status
 * @param body the body of the answer
 */
record Response(String server, long pid, int status, String body) {
}
