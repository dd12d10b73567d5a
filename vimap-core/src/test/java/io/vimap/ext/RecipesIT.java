package io.vimap.ext;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.vimap.pool.InOut;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The recipes with real children.
 */
class RecipesIT {

	private static int words(Path file) throws Exception {
		return (int) Pattern.compile("[\\w']+").matcher(Files.readString(file)).results().count();
	}

	@Test
	void wordsOfAllFilesAreCounted(@TempDir Path directory) throws Exception {
		for (int i = 1; i <= 20; i++) {
			Files.writeString(directory.resolve(i + ".txt"), "it's word ".repeat(i));
		}
		try (Stream<InOut<Path, Integer>> counts = FileRunner.in(directory).glob("*.txt").map(RecipesIT::words, 2)) {
			assertThat(VimapFold.tree(counts.map(InOut::output), Integer::sum)).contains(2 * 210);
		}
	}

	@Test
	void workersFoldTheirChunks() {
		assertThat(VimapFold.<Integer, Long>of((input) -> (long) input, Long::sum)
			.processes(2)
			.chunked(1000)
			.run(IntStream.rangeClosed(1, 100_000).boxed())).contains(5_000_050_000L);
	}

}
