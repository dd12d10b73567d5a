package io.vimap.demo;

/**
 * One line of the input file: what travels to a worker. It is not parsed before, so that
 * the work of parsing, and lines that cannot be parsed, are the workers'.
 *
 * @param number the number of the line, counted from 1
 * @param text the line without its end
 */
record Line(long number, String text) {
}
