package io.vimap.protocol;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A throwable of another process as plain data. No class of that process is needed to
 * read it.
 *
 * @param className the name of its class
 * @param message its message
 * @param frames its stack, the innermost frame first
 * @param cause its cause
 * @param suppressed what it suppressed
 * @param formattedTraceback the text that {@link Throwable#printStackTrace()} would have
 * printed where it was thrown, causes included; empty for causes and suppressed
 * throwables, which are in the text of the outermost
 */
public record DecodedThrowable(String className, @Nullable String message, List<StackTraceElement> frames,
		@Nullable DecodedThrowable cause, List<DecodedThrowable> suppressed, String formattedTraceback) {

	/**
	 * Creates an instance; the lists are copied.
	 */
	public DecodedThrowable {
		frames = List.copyOf(frames);
		suppressed = List.copyOf(suppressed);
	}

}
