package io.vimap.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Strings as bytes, each in the shortest of three forms that keeps every character: one
 * byte naming the form, then the characters up to the end of the value. A lone surrogate
 * comes back as it was.
 */
final class Text {

	/** ISO 8859-1, a byte per character. */
	static final int LATIN1 = 10;

	/** UTF-8. */
	static final int UTF8 = 11;

	/** UTF-16, big-endian: for strings that are no valid Unicode. */
	static final int UTF16 = 12;

	private Text() {
	}

	/**
	 * Appends form and characters.
	 * @param text the string
	 * @param out receives the bytes
	 */
	static void write(String text, PayloadBuffer out) {
		int length = text.length();
		if (isLatin1(text, length)) {
			writeLatin1(text, length, out);
		}
		else {
			writeWide(text, length, out);
		}
	}

	private static boolean isLatin1(String text, int length) {
		int seen = 0;
		for (int i = 0; i < length; i++) {
			seen |= text.charAt(i);
		}
		return seen <= 0xFF;
	}

	/**
	 * What is deprecated for its view of the other characters is the fastest for these.
	 */
	@SuppressWarnings("deprecation")
	private static void writeLatin1(String text, int length, PayloadBuffer out) {
		int at = out.reserve(length + 1);
		out.array()[at] = LATIN1;
		text.getBytes(0, length, out.array(), at + 1);
	}

	/**
	 * Decodes what {@link #write} appended after the form.
	 * @param form the form
	 * @param bytes holds the characters
	 * @param offset where they begin
	 * @param length how many bytes they take
	 * @return the string
	 */
	static String read(int form, byte[] bytes, int offset, int length) {
		switch (form) {
			case LATIN1:
				return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
			case UTF8:
				return new String(bytes, offset, length, StandardCharsets.UTF_8);
			case UTF16:
				if (length % 2 != 0) {
					throw new ProtocolException("UTF-16 text of " + length + " bytes: must be a multiple of 2");
				}
				// The decoder of the JDK would replace lone surrogates
				char[] chars = new char[length / 2];
				ByteBuffer.wrap(bytes, offset, length).asCharBuffer().get(chars);
				return new String(chars);
			default:
				throw new ProtocolException("text of unknown form " + form);
		}
	}

	private static void writeWide(String text, int length, PayloadBuffer out) {
		long size = utf8Length(text, length);
		if (size < 0) {
			int at = out.reserve(length, 2);
			out.reserve(1);
			byte[] bytes = out.array();
			bytes[at++] = UTF16;
			for (int i = 0; i < length; i++) {
				char c = text.charAt(i);
				bytes[at++] = (byte) (c >> 8);
				bytes[at++] = (byte) c;
			}
			return;
		}
		out.writeByte(UTF8);
		int at = out.reserve((int) Math.min(size, Integer.MAX_VALUE));
		writeUtf8(text, length, out.array(), at);
	}

	/** Returns −1 if the string has a lone surrogate. */
	private static long utf8Length(String text, int length) {
		long size = length;
		for (int i = 0; i < length; i++) {
			char c = text.charAt(i);
			if (c >= 0x80) {
				if (!Character.isSurrogate(c)) {
					size += (c < 0x800) ? 1 : 2;
				}
				else if (Character.isHighSurrogate(c) && i + 1 < length
						&& Character.isLowSurrogate(text.charAt(i + 1))) {
					size += 2;
					i++;
				}
				else {
					return -1;
				}
			}
		}
		return size;
	}

	private static void writeUtf8(String text, int length, byte[] bytes, int start) {
		int at = start;
		for (int i = 0; i < length; i++) {
			int c = text.charAt(i);
			if (c < 0x80) {
				bytes[at++] = (byte) c;
			}
			else if (c < 0x800) {
				bytes[at++] = (byte) (0xC0 | c >> 6);
				bytes[at++] = (byte) (0x80 | c & 0x3F);
			}
			else if (!Character.isHighSurrogate((char) c)) {
				bytes[at++] = (byte) (0xE0 | c >> 12);
				bytes[at++] = (byte) (0x80 | c >> 6 & 0x3F);
				bytes[at++] = (byte) (0x80 | c & 0x3F);
			}
			else {
				c = Character.toCodePoint((char) c, text.charAt(++i));
				bytes[at++] = (byte) (0xF0 | c >> 18);
				bytes[at++] = (byte) (0x80 | c >> 12 & 0x3F);
				bytes[at++] = (byte) (0x80 | c >> 6 & 0x3F);
				bytes[at++] = (byte) (0x80 | c & 0x3F);
			}
		}
	}

}
