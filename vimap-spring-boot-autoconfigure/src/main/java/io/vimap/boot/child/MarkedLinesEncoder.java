package io.vimap.boot.child;

import java.nio.charset.StandardCharsets;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import io.vimap.protocol.LineMark;
import org.jspecify.annotations.Nullable;

/**
 * Puts a {@link LineMark} before each line of warnings and errors.
 */
final class MarkedLinesEncoder extends EncoderBase<ILoggingEvent> {

	private static final byte[] WARN = LineMark.WARN.getBytes(StandardCharsets.US_ASCII);

	private static final byte[] ERROR = LineMark.ERROR.getBytes(StandardCharsets.US_ASCII);

	private final Encoder<ILoggingEvent> lines;

	MarkedLinesEncoder(Encoder<ILoggingEvent> lines) {
		this.lines = lines;
	}

	@Override
	public byte @Nullable [] headerBytes() {
		return this.lines.headerBytes();
	}

	@Override
	public byte[] encode(ILoggingEvent event) {
		byte[] text = this.lines.encode(event);
		if (!event.getLevel().isGreaterOrEqual(Level.WARN)) {
			return text;
		}
		return mark(text, event.getLevel().isGreaterOrEqual(Level.ERROR) ? ERROR : WARN);
	}

	private static byte[] mark(byte[] text, byte[] mark) {
		int count = 1;
		for (int i = 0; i < text.length - 1; i++) {
			count += (text[i] == '\n') ? 1 : 0;
		}
		byte[] marked = new byte[text.length + count * mark.length];
		int to = 0;
		for (int i = 0; i < text.length; i++) {
			if (i == 0 || text[i - 1] == '\n') {
				System.arraycopy(mark, 0, marked, to, mark.length);
				to += mark.length;
			}
			marked[to++] = text[i];
		}
		return marked;
	}

	@Override
	public byte @Nullable [] footerBytes() {
		return this.lines.footerBytes();
	}

}
