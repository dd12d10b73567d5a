package io.vimap.protocol;

/**
 * Formats a throwable as {@link Throwable#printStackTrace()} does, but from data, so that
 * no code of the throwable runs.
 */
final class TracebackFormat {

	private final StringBuilder text = new StringBuilder();

	private final int limit;

	private TracebackFormat(int limit) {
		this.limit = limit;
	}

	/**
	 * Formats a throwable with its causes and suppressed throwables.
	 * @param throwable the throwable
	 * @param limit how many characters the text may have, roughly
	 * @return the text
	 */
	static String format(CapturedThrowable throwable, int limit) {
		TracebackFormat format = new TracebackFormat(limit);
		format.append(throwable, "", "");
		return CapturedThrowable.cut(format.text.toString(), limit);
	}

	private void append(CapturedThrowable throwable, String caption, String indent) {
		if (this.text.length() > this.limit) {
			return;
		}
		line(indent, caption, throwable.header());
		for (StackTraceElement frame : throwable.frames()) {
			line(indent, "\tat ", frame.toString());
		}
		if (throwable.framesInCommon() > 0) {
			line(indent, "\t... ", throwable.framesInCommon() + " more");
		}
		for (CapturedThrowable suppressed : throwable.suppressed()) {
			append(suppressed, "Suppressed: ", indent + "\t");
		}
		if (throwable.cause() != null) {
			append(throwable.cause(), "Caused by: ", indent);
		}
		if (throwable.omitted() != null) {
			line(indent, "", throwable.omitted());
		}
	}

	private void line(String indent, String caption, String content) {
		this.text.append(indent).append(caption).append(content).append(System.lineSeparator());
	}

}
