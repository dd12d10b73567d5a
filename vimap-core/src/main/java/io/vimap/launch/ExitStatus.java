package io.vimap.launch;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How a process ended.
 *
 * @param code the exit code as Java reports it: 128 + the signal's number where a signal
 * ended it
 * @param signal the name of that signal, such as {@code SIGKILL}, or {@code null}
 * @param oomKilled whether the kernel's out-of-memory killer was at work in this control
 * group while the process lived and the process was ended by SIGKILL
 * @param errorFileHead the first lines of the JVM's fatal error log, empty if there is
 * none
 */
public record ExitStatus(int code, @Nullable String signal, boolean oomKilled, List<String> errorFileHead) {
}
