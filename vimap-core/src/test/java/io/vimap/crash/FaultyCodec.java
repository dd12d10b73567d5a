package io.vimap.crash;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;

import io.vimap.protocol.PayloadBuffer;
import io.vimap.protocol.PayloadCodec;
import io.vimap.protocol.ValueCodec;
import org.jspecify.annotations.Nullable;

/**
 * Sends strings. A string that begins with the name of a phase and the name of a fault,
 * as {@code PHASE:FAULT}, makes that fault happen in that phase; its output says
 * {@code out:} before it.
 */
public final class FaultyCodec implements PayloadCodec {

	static final String OUT = "out:";

	/** Where a fault happens. */
	enum Phase {

		ENCODE_INPUT, DECODE_INPUT, INIT, INIT_ONCE, PROCESS, ENCODE_RESULT, DECODE_RESULT, CLEANUP;

		void visit(String value) {
			String prefix = name() + ":";
			if (value.startsWith(prefix)) {
				Fault.valueOf(value.substring(prefix.length())).happen();
			}
		}

	}

	@Override
	public ValueCodec forType(Type type) {
		return new ValueCodec() {

			@Override
			public void encode(@Nullable Object value, PayloadBuffer out) {
				String text = String.valueOf(value);
				out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
				if (text.startsWith(OUT)) {
					Phase.ENCODE_RESULT.visit(text.substring(OUT.length()));
				}
				else {
					Phase.ENCODE_INPUT.visit(text);
				}
			}

			@Override
			public Object decode(byte[] bytes, int offset, int length) {
				String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
				if (text.startsWith(OUT)) {
					Phase.DECODE_RESULT.visit(text.substring(OUT.length()));
				}
				else {
					Phase.DECODE_INPUT.visit(text);
				}
				return text;
			}

		};
	}

}
