package io.vimap.ext;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.vimap.crash.LeakCheck;
import io.vimap.pool.InOut;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The recipes with real children.
 */
@ExtendWith(LeakCheck.class)
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

	@Test
	void noProcessIsLeftWhereThereAreNoInputs(@TempDir Path directory) {
		FileRunner missing = FileRunner.in(directory.resolve("none"));
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> missing.map(RecipesIT::words, 2));
		FileRunner misspelt = FileRunner.in(directory).glob("[");
		assertThatExceptionOfType(PatternSyntaxException.class).isThrownBy(() -> misspelt.map(RecipesIT::words, 2));
		Stream<Integer> read = Stream.of(1);
		assertThat(read).hasSize(1);
		VimapFold<Integer, Integer> fold = VimapFold.of((Integer input) -> input, Integer::sum);
		assertThatIllegalStateException().isThrownBy(() -> fold.run(read));
	}

	@Test
	void inputsAreClosedThoughThePoolCannotBeMade() {
		AtomicBoolean closed = new AtomicBoolean();
		Stream<Integer> inputs = Stream.of(1).onClose(() -> closed.set(true));
		VimapFold<Integer, Integer> fold = VimapFold.of((Integer input) -> input, Integer::sum);
		assertThatIllegalArgumentException().isThrownBy(() -> fold.processes(0).run(inputs));
		assertThat(closed).isTrue();
	}

}
