package io.vimap.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

import org.springframework.core.io.Resource;
import org.springframework.stereotype.Component;

/**
 * The lines of the input file.
 */
@Component
class RequestLines {

	private final Resource file;

	private long read;

	RequestLines(DemoOptions options) {
		this.file = options.file();
	}

	/**
	 * Returns the lines lazily: the file may be larger than memory.
	 * @return a stream that must be closed
	 */
	Stream<Line> stream() {
		BufferedReader reader = open();
		return reader.lines().map((text) -> new Line(++this.read, text)).onClose(() -> close(reader));
	}

	/**
	 * Returns how many lines have been pulled from the {@link #stream()}.
	 * @return the number of lines
	 */
	long read() {
		return this.read;
	}

	/**
	 * Counts the lines by reading through the file.
	 * @return the number of lines
	 */
	long count() {
		try (BufferedReader reader = open()) {
			return reader.lines().count();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private BufferedReader open() {
		try {
			// Replaces what is not UTF-8 instead of giving up, so that it stays one
			// line's problem
			return new BufferedReader(new InputStreamReader(this.file.getInputStream(), StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void close(BufferedReader reader) {
		try {
			reader.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public String toString() {
		return String.valueOf(this.file.getFilename());
	}

}
