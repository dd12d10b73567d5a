package io.vimap.protocol;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.json.UTF8JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ser.jdk.NumberSerializers;

/**
 * Writes numbers of at most six decimals, as most prices and readings are, digit by
 * digit. To find the shortest text of just any number, as Jackson does, takes a third of
 * the time to write a small record. The text is the same.
 */
final class JsonDoubleSerializer extends NumberSerializers.DoubleSerializer {

	/** From here on numbers have an exponent. */
	private static final double TOO_LARGE = 1e7;

	/** Below they have one, too. */
	private static final double LEAST = 1e-3;

	/** So there are at most 13 digits; of up to 15 no two texts are the same number. */
	private static final int SCALE = 1_000_000;

	/** Where the point is: up to seven digits and a sign come before it. */
	private static final int POINT = 8;

	private static final int LONGEST = POINT + 1 + 6;

	JsonDoubleSerializer(Class<?> type) {
		super(type);
	}

	@Override
	public void serialize(Object value, JsonGenerator generator, SerializationContext context) {
		double number = (Double) value;
		double size = Math.abs(number);
		// Others, as those of trees, make a difference between numbers and their texts
		if (size >= LEAST && size < TOO_LARGE && generator.getClass() == UTF8JsonGenerator.class) {
			long scaled = (long) (size * SCALE + 0.5);
			// Both are exact, so their quotient is the number that the text is read as
			if ((double) scaled / SCALE == size) {
				write(number < 0, scaled, generator);
				return;
			}
		}
		generator.writeNumber(number);
	}

	private static void write(boolean negative, long scaled, JsonGenerator generator) {
		char[] text = new char[LONGEST];
		int whole = (int) (scaled / SCALE);
		int fraction = (int) (scaled % SCALE);
		int begin = POINT;
		do {
			text[--begin] = (char) ('0' + whole % 10);
			whole /= 10;
		}
		while (whole != 0);
		if (negative) {
			text[--begin] = '-';
		}
		text[POINT] = '.';
		int end = POINT + 1;
		do {
			fraction *= 10;
			text[end++] = (char) ('0' + fraction / SCALE);
			fraction %= SCALE;
		}
		while (fraction != 0);
		generator.writeNumber(text, begin, end - begin);
	}

}
