package io.vimap.protocol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A throwable of this process as plain data, taken with care: every method of it may have
 * been overridden by its author, and may throw, return {@code null} or go on for ever
 * along its causes.
 *
 * @param className the name of its class
 * @param message its message
 * @param header the first line of its traceback
 * @param frames its frames without those it has in common with the enclosing throwable
 * @param framesInCommon how many outer frames it has in common with the enclosing one
 * @param omitted says what has been left out of it, if anything
 * @param cause its cause
 * @param suppressed what it suppressed
 */
record CapturedThrowable(String className, @Nullable String message, String header, List<StackTraceElement> frames,
		int framesInCommon, @Nullable String omitted, @Nullable CapturedThrowable cause,
		List<CapturedThrowable> suppressed) {

	/**
	 * How much is kept.
	 *
	 * @param depth how many causes follow each other
	 * @param throwables how many throwables in all
	 * @param frames how many frames of each
	 * @param message how many characters of each message
	 * @param traceback how many characters of the formatted traceback
	 */
	record Limits(int depth, int throwables, int frames, int message, int traceback) {
	}

	/**
	 * Takes a throwable with its causes and suppressed throwables. One that turns up a
	 * second time is left out, as {@link Throwable#printStackTrace()} does.
	 * @param throwable the throwable
	 * @param limits how much to take
	 * @return the data
	 */
	static CapturedThrowable of(Throwable throwable, Limits limits) {
		return new Capture(limits).capture(throwable, new StackTraceElement[0], 0);
	}

	/** Cuts a text that is too long. */
	static String cut(String text, int length) {
		return (text.length() <= length) ? text
				: text.substring(0, length) + "… (" + (text.length() - length) + " more characters)";
	}

	private static final class Capture {

		private final Limits limits;

		private final Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());

		Capture(Limits limits) {
			this.limits = limits;
		}

		CapturedThrowable capture(Throwable throwable, StackTraceElement[] enclosing, int depth) {
			this.seen.add(throwable);
			String className = throwable.getClass().getName();
			String message = message(throwable);
			String header = header(throwable, className, message);
			StackTraceElement[] frames = frames(throwable);
			int common = inCommon(frames, enclosing);
			List<StackTraceElement> own = List.of(frames).subList(0, frames.length - common);
			String omitted = null;
			List<CapturedThrowable> suppressed = new ArrayList<>();
			for (Throwable each : throwable.getSuppressed()) {
				if (isRoom(each, depth)) {
					suppressed.add(capture(each, frames, depth + 1));
				}
				else {
					omitted = omission("Suppressed: ", each);
				}
			}
			CapturedThrowable cause = null;
			Throwable next = cause(throwable);
			if (next != null && next != throwable) {
				if (isRoom(next, depth)) {
					cause = capture(next, frames, depth + 1);
				}
				else {
					omitted = omission("Caused by: ", next);
				}
			}
			return new CapturedThrowable(className, message, header, own, common, omitted, cause, suppressed);
		}

		private boolean isRoom(Throwable throwable, int depth) {
			return depth < this.limits.depth() && this.seen.size() < this.limits.throwables()
					&& !this.seen.contains(throwable);
		}

		private String omission(String caption, Throwable throwable) {
			return caption + (this.seen.contains(throwable) ? "[CIRCULAR REFERENCE: " : "[LEFT OUT: ")
					+ throwable.getClass().getName() + "]";
		}

		// Errors are caught, too: a hostile method may well overflow the stack. Four
		// bodies,
		// not one that is given a lambda: the first exception of a child would wait for
		// the JDK to link each of them.

		private @Nullable String message(Throwable throwable) {
			try {
				String message = throwable.getMessage();
				return (message != null) ? cut(message, this.limits.message()) : null;
			}
			catch (Throwable ex) {
				return "(getMessage() threw " + ex.getClass().getName() + ")";
			}
		}

		private String header(Throwable throwable, String className, @Nullable String message) {
			String header = null;
			try {
				header = throwable.toString();
			}
			catch (Throwable ex) {
				// As if it had returned null
			}
			if (header == null) {
				header = (message != null) ? className + ": " + message : className;
			}
			return cut(header, this.limits.message());
		}

		private static @Nullable Throwable cause(Throwable throwable) {
			try {
				return throwable.getCause();
			}
			catch (Throwable ex) {
				return null;
			}
		}

		private StackTraceElement[] frames(Throwable throwable) {
			StackTraceElement[] frames = null;
			try {
				frames = throwable.getStackTrace();
			}
			catch (Throwable ex) {
				// As if it had returned null
			}
			if (frames == null) {
				return new StackTraceElement[0];
			}
			if (frames.length > this.limits.frames()) {
				frames = Arrays.copyOf(frames, this.limits.frames());
			}
			for (StackTraceElement frame : frames) {
				if (frame == null) {
					return Arrays.stream(frames).filter((each) -> each != null).toArray(StackTraceElement[]::new);
				}
			}
			return frames;
		}

		private static int inCommon(StackTraceElement[] frames, StackTraceElement[] enclosing) {
			int common = 0;
			while (common < frames.length && common < enclosing.length
					&& frames[frames.length - 1 - common].equals(enclosing[enclosing.length - 1 - common])) {
				common++;
			}
			return common;
		}

	}

}
