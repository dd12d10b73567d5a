package io.vimap.launch;

import java.nio.file.Path;
import java.util.List;

/**
 * One process to start.
 *
 * @param label names the process in thread names and log lines, such as
 * {@code requests-0}
 * @param mainClass the class whose {@code main} the child runs
 * @param directory a directory of the child's own, which exists: its fatal error log goes
 * there
 * @param input the lines the child finds on its standard input, after which it is at its
 * end
 * @param output receives what the child prints
 */
public record LaunchRequest(String label, String mainClass, Path directory, List<String> input, OutputListener output) {
}
