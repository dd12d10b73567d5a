package io.vimap.ext;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.vimap.pool.PoolMode;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.Progress;
import io.vimap.pool.WorkerException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

class VimapFoldTests {

	private static final PoolOptions SERIAL = PoolOptions.builder().mode(PoolMode.SERIAL).build();

	/** Not commutative, so that the order shows. */
	private static VimapFold<Integer, String> concatenation() {
		return VimapFold.<Integer, String>of((input) -> input + " ", String::concat).processes(2).options(SERIAL);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 10, 99, 100, 101, 1000 })
	void operandsKeepTheOrderOfTheInputs(int count) {
		String expected = IntStream.range(0, count).mapToObj((i) -> i + " ").collect(Collectors.joining());
		assertThat(concatenation().run(IntStream.range(0, count).boxed())).contains(expected);
		assertThat(concatenation().chunked(7).run(IntStream.range(0, count).boxed().toList())).contains(expected);
	}

	@Test
	void ofNothingThereIsNoResult() {
		assertThat(concatenation().run(List.of())).isEmpty();
	}

	@Test
	void progressCountsChunks() {
		List<Progress> progress = new ArrayList<>();
		concatenation().chunked(10).onProgress(Duration.ZERO, progress::add).run(IntStream.range(0, 25).boxed());
		assertThat(progress).last().satisfies((last) -> assertThat(last.succeeded()).isEqualTo(3));
	}

	@Test
	void aFailedInputThrows() {
		assertThatExceptionOfType(WorkerException.class)
			.isThrownBy(() -> VimapFold.<Integer, Integer>of((input) -> 1 / input, Integer::sum)
				.options(SERIAL)
				.run(List.of(1, 0)))
			.withMessageContaining("/ by zero");
	}

	/** An Optional can't hold it. */
	@Test
	void aResultThatIsNullIsExplained() {
		VimapFold<Integer, String> nothing = VimapFold.<Integer, String>of((input) -> null, (left, right) -> null)
			.options(SERIAL);
		for (List<Integer> inputs : List.of(List.of(1), List.of(1, 2, 3))) {
			assertThatNullPointerException().isThrownBy(() -> nothing.chunked(2).run(inputs))
				.withMessageContaining("the result is null")
				.withMessageContaining("combiner");
		}
	}

	@Test
	void chunksHaveAtLeastOneInput() {
		assertThatIllegalArgumentException().isThrownBy(() -> concatenation().chunked(0));
	}

	@Test
	void inputsAreClosed() {
		List<String> log = new ArrayList<>();
		concatenation().run(Stream.of(1, 2).onClose(() -> log.add("closed")));
		assertThat(log).containsExactly("closed");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 5, 64, 100 })
	void aTreeIsBalanced(int count) {
		record Node(int first, int last, int depth) {
		}
		Node root = VimapFold.tree(IntStream.range(0, count).mapToObj((i) -> new Node(i, i, 0)), (left, right) -> {
			assertThat(right.first()).isEqualTo(left.last() + 1);
			return new Node(left.first(), right.last(), 1 + Math.max(left.depth(), right.depth()));
		}).orElseThrow();
		assertThat(root.first()).isZero();
		assertThat(root.last()).isEqualTo(count - 1);
		assertThat(root.depth()).isLessThanOrEqualTo(1 + (int) Math.ceil(Math.log(count) / Math.log(2)));
	}

	@Test
	void aSequentialFoldTakesResultsAsTheyCome() {
		assertThat(VimapFold.<Integer, String>sequential(Stream.of(1, 2, 3), "0", (value, each) -> value + each))
			.isEqualTo("0123");
	}

}
