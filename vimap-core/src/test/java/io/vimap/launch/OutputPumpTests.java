package io.vimap.launch;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OutputPumpTests {

	private final List<String> lines = new ArrayList<>();

	private final LastLines lastLines = new LastLines();

	@Test
	void cutsIntoLines() {
		pump("one\r\n\ntwo\nthree", null);
		assertThat(this.lines).containsExactly("one", "", "two", "three");
		assertThat(this.lastLines.toList()).isEqualTo(this.lines);
	}

	@Test
	void putsTogetherWhatIsReadInPieces() {
		byte[] bytes = "grün\nblau\n".getBytes(StandardCharsets.UTF_8);
		// Between the two bytes of the umlaut.
		InputStream stream = new SequenceInputStream(new ByteArrayInputStream(bytes, 0, 3),
				new ByteArrayInputStream(bytes, 3, bytes.length - 3));
		pump(stream, null);
		assertThat(this.lines).containsExactly("grün", "blau");
	}

	@Test
	void cutsLongLinesButNotThroughASurrogatePair() {
		pump("ä".repeat(10_000) + "\n" + "x".repeat(8_191) + "😀\n€" + "😀".repeat(100_000), null);
		assertThat(this.lines).containsExactly("ä".repeat(8_192), "x".repeat(8_191), "€" + "😀".repeat(4_095));
	}

	@Test
	void toleratesWhatIsNotUtf8() {
		pump(new ByteArrayInputStream(new byte[] { 'a', (byte) 0xff, 'b', '\n' }), null);
		assertThat(this.lines).containsExactly("a\ufffdb");
	}

	@Test
	void copiesTheBytesAsTheyAre() {
		ByteArrayOutputStream copy = new ByteArrayOutputStream();
		pump("one\r\ntwo", new PrintStream(copy, true));
		assertThat(copy.toString(StandardCharsets.UTF_8)).isEqualTo("one\r\ntwo");
	}

	private void pump(String text, @Nullable PrintStream copy) {
		pump(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), copy);
	}

	private void pump(InputStream stream, @Nullable PrintStream copy) {
		OutputPump.Sink sink = new OutputPump.Sink(StandardCharsets.UTF_8, (error, line) -> this.lines.add(line),
				new OutputLimit(System.nanoTime()), this.lastLines, copy);
		new OutputPump("test", stream, true, sink).run();
	}

}
