package io.vimap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.vimap.crash.LeakCheck;
import io.vimap.ext.FileRunner;
import io.vimap.ext.VimapFold;
import io.vimap.pool.Attempt;
import io.vimap.pool.InOut;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.SharedFile;
import io.vimap.pool.TaskResult;
import io.vimap.pool.TaskTimeoutException;
import io.vimap.pool.WorkerCrashedException;
import io.vimap.pool.WorkerExit;
import io.vimap.testing.Chaos;
import io.vimap.testing.SerialPools;
import io.vimap.worker.SerializableFunction;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerContext;
import io.vimap.worker.WorkerSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Runs what {@code docs/guide.md} shows: each of its Java examples must stand in this
 * file, but for comments.
 */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class GuideIT {

	private static final Path GUIDE = Path.of("../docs/guide.md");

	private static final Path HERE = Path.of("src/test/java/io/vimap/GuideIT.java");

	@Test
	void eachExampleOfTheGuideStandsHere() throws IOException {
		String here = words(Files.readString(HERE));
		List<String> examples = new ArrayList<>();
		Matcher blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(GUIDE));
		while (blocks.find()) {
			examples.add(words(blocks.group(1)));
		}
		assertThat(examples).hasSizeGreaterThan(10).allMatch(here::contains);
	}

	/** Comments aside, which the formatter may wrap. */
	private static String words(String code) {
		return code.replaceAll("//.*", "").replaceAll("\\s+", "");
	}

	@Test
	void streamsInAndOut() {
		List<String> words = List.of("ape", "bear", "cat");
		List<Integer> lengths = new ArrayList<>();
		try (Stream<Integer> outputs = Vimap.imapOrdered(String::length, words)) {
			outputs.forEach(lengths::add);
		}
		assertThat(lengths).containsExactly(3, 4, 3);
	}

	@Test
	void workersHaveArgumentsOfTheirOwn() {
		List<String> greetings;
		List<WorkerSpec<String, String>> workers = Stream.of("Hello", "Bonjour")
			.map((word) -> WorkerSpec.of(Greeter.class).initArgs(new Greeter.Args(word)))
			.toList();
		try (ProcessPool<String, String> pool = Vimap.fork(workers)) {
			greetings = pool.imap(List.of("Ada", "Grace")).outputs().toList();
		}
		assertThat(greetings).hasSize(2).allMatch((greeting) -> greeting.matches("(Hello|Bonjour) (Ada|Grace)"));
	}

	static final class Greeter implements Worker<String, String> {

		record Args(String word) {
		}

		private final String word;

		Greeter(Args args) { // one parameter: the init args. Or none
			this.word = args.word();
		}

		@Override
		public void init(WorkerContext context) {
			// once, in the child: open sessions, load libraries
		}

		@Override
		public String process(String name) {
			return this.word + " " + name;
		}

		@Override
		public void cleanup() {
			// once, in the child, when it is stopped or recycled
		}

	}

	@Test
	void factoriesBuildInTheChildWhatCannotTravel() {
		int limit = 3;
		WorkerSpec<String, Integer> counting = WorkerSpec.of((context) -> {
			ByteBuffer scratch = ByteBuffer.allocateDirect(1024); // made in the child
			return (text) -> Math.min(limit, scratch.clear().put(text.getBytes(StandardCharsets.UTF_8)).position());
		});
		WorkerSpec<String, Integer> length = WorkerSpec.function(String::length);
		try (ProcessPool<String, Integer> one = Vimap.forkIdentical(counting, 1);
				ProcessPool<String, Integer> other = Vimap.forkIdentical(length, 1)) {
			assertThat(one.submit("abcdef").join()).isEqualTo(3);
			assertThat(other.submit("abcdef").join()).isEqualTo(6);
		}
	}

	@Test
	void imapsHaveVariations() {
		List<InOut<Integer, Integer>> pairs = new ArrayList<>();
		Iterable<Integer> numbers = IntStream.range(0, 1000).boxed().toList();
		ExecutorService executor = Executors.newSingleThreadExecutor();
		ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.function((number) -> number + 1), 2);
		try (Stream<InOut<Integer, Integer>> results = pool.imap(numbers)
			.ordered() // results in the order of the inputs
			.chunked(100) // tiny tasks travel in groups; results and failures stay one by
							// one
			.maxInFlight(1000) // pulled and not yet taken, at most
			.taskTimeout(Duration.ofSeconds(5)) // in place of the pool's
			.feeder(executor) // pulls inputs there, if the iterator may block
			.onProgress(Duration.ofSeconds(1), (progress) -> System.out.println(progress.finished() + " done"))
			.closeWhenDone(false) // default for pools of Vimap.fork: true
			.zipInOut()) {
			results.forEach(pairs::add);
		}
		pool.close();
		executor.shutdown();
		assertThat(pairs).hasSize(1000).allMatch((pair) -> pair.output() == pair.input() + 1);
	}

	@Test
	void endlessInputsAreNoProblem() {
		List<Integer> first;
		ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.function((number) -> number * number), 2);
		try (Stream<Integer> squares = pool.imap(Stream.iterate(1, (number) -> number + 1)).ordered().outputs()) {
			first = squares.limit(3).toList();
		}
		assertThat(first).containsExactly(1, 4, 9);
	}

	@Test
	void failuresAreValuesOrThrown() {
		List<Integer> outputs = new ArrayList<>();
		List<String> failures = new ArrayList<>();
		SerializableFunction<String, Integer> parse = Integer::parseInt;
		ProcessPool<String, Integer> pool = Vimap.forkIdentical(WorkerSpec.function(parse), 2);
		try (Stream<TaskResult<String, Integer>> results = pool.imap(List.of("1", "two", "3")).zipInOutTyp()) {
			results.forEach((result) -> {
				if (result instanceof TaskResult.Output<String, Integer> output) {
					outputs.add(output.output());
				}
				else if (result instanceof TaskResult.Failure<String, Integer> failure) {
					failures.add(failure.input() + ": " + failure.exception().formattedTraceback());
				}
			});
		}
		assertThat(outputs).containsExactlyInAnyOrder(1, 3);
		assertThat(failures).singleElement().asString().startsWith("two: java.lang.NumberFormatException");
	}

	@Test
	void crashesExplainThemselves() throws Exception {
		List<String> story = new ArrayList<>();
		PoolOptions options = PoolOptions.builder()
			.name("parsers")
			.retryMaxAttempts(2) // a task that takes its worker down is tried once more
			.taskTimeout(Duration.ofSeconds(30))
			.build();
		SerializableFunction<Integer, Integer> parse = (number) -> {
			System.err.println("about to read page " + number);
			if (number == 13) {
				Runtime.getRuntime().halt(3);
			}
			return number;
		};
		try (ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.function(parse), 2, options)) {
			try {
				pool.submit(13).get();
			}
			catch (ExecutionException ex) {
				if (ex.getCause() instanceof WorkerCrashedException crash) {
					WorkerExit exit = crash.exit();
					story.add(exit.status()); // "exit code 3", "signal SIGSEGV (11)"
					story.addAll(exit.lastOutput()); // its last lines
					crash.attempts().stream().map(Attempt::toString).forEach(story::add);
				}
				else if (ex.getCause() instanceof TaskTimeoutException timeout) {
					story.add(timeout.stack()); // where the task was at its deadline
				}
			}
			assertThat(pool.submit(14).get()).isEqualTo(14);
		}
		assertThat(story).contains("exit code 3", "about to read page 13").hasSize(4);
	}

	@Test
	void tasksCanBeCancelled() {
		ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.function((seconds) -> {
			TimeUnit.SECONDS.sleep(seconds);
			return seconds;
		}), 1);
		CompletableFuture<Integer> slow = pool.submit(1000);
		slow.cancel(true); // takes it back; if it runs: interrupts it, then kills its
							// process
		pool.close();
		assertThat(slow).isCancelled();
	}

	@Test
	void poolsCanBeOperated() throws Exception {
		ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.function((number) -> number), 2);
		pool.awaitReady(Duration.ofSeconds(30));
		pool.resize(3); // more or fewer processes, under load
		pool.recycle(); // replaces all, one at a time, each successor ready first; no
						// task fails
		pool.pause(); // begins no new tasks …
		pool.resume(); // … until now; also starts a pool again that is FAILED
		pool.stats().exits().forEach((exit) -> System.out.println(exit.explanation()));
		String stacks = pool.threadDump(0).get(); // what worker 0 does right now
		pool.close(); // waits up to drain-timeout, then kills; nothing is left
		assertThat(stacks).contains("vimap-worker");
	}

	@Test
	void contentIsShared() {
		byte[] dictionary = "a large dictionary".getBytes(StandardCharsets.UTF_8);
		int sum;
		try (ProcessPool<Question, Integer> pool = Vimap.forkIdentical(WorkerSpec.of(LookUp.class), 2)) {
			SharedFile shared = pool.share(dictionary); // written once, mapped by each
														// child
			sum = pool.submit(new Question(shared, 2)).join() + pool.submit(new Question(shared, 3)).join();
		}
		assertThat(sum).isEqualTo('l' + 'a');
	}

	record Question(SharedFile dictionary, int position) {
	}

	static final class LookUp implements Worker<Question, Integer> {

		@Override
		public Integer process(Question question) {
			return (int) question.dictionary().map().get(question.position());
		}

	}

	@Test
	void recipesForFilesAndFolds(@TempDir Path directory) throws IOException {
		Files.writeString(directory.resolve("a.txt"), "one two");
		List<Long> sizes = new ArrayList<>();
		try (Stream<InOut<Path, Long>> files = FileRunner.in(directory).glob("**.txt").map(Files::size, 2)) {
			files.forEach((file) -> sizes.add(file.output()));
		}
		List<String> lines = List.of("one two", "three");
		Optional<Integer> words = VimapFold.of((String line) -> line.split(" ").length, Integer::sum)
			.processes(2)
			.run(lines);
		assertThat(sizes).containsExactly(7L);
		assertThat(words).contains(3);
	}

	@Test
	void testsNeedNoProcesses() {
		List<String> outputs;
		WorkerSpec<String, String> worker = WorkerSpec.of(Greeter.class).initArgs(new Greeter.Args("Hello"));
		try (ProcessPool<String, String> pool = SerialPools.of(worker)) { // this JVM,
																			// same codecs
			outputs = pool.imap(List.of("Ada")).outputs().toList();
		}
		assertThat(outputs).containsExactly("Hello Ada");
	}

	@Test
	void testsCanKillAWorkerAtTheRightMoment() {
		PoolOptions options = PoolOptions.builder().retryMaxAttempts(2).closeWhenDone(false).build();
		try (Chaos chaos = Chaos.create().kill(1, 5)) { // worker 1 dies when it begins
														// its 5th task
			WorkerSpec<Integer, Integer> worker = WorkerSpec.of(chaos.in((context) -> (Integer number) -> number + 1));
			try (ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(worker, 2, options)) {
				// Worker 1 may be ready only when worker 0 has done all of the first
				// thousand.
				while (chaos.happened() == 0) {
					Stream<Integer> numbers = IntStream.range(0, 1000).boxed();
					assertThat(pool.imap(numbers).outputs()).hasSize(1000);
				}
			}
			assertThat(chaos.happened()).isEqualTo(1);
		}
	}

	@Test
	void aTaskThatHangsShowsItsStack() {
		PoolOptions options = PoolOptions.builder().taskTimeout(Duration.ofMillis(200)).build();
		try (ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.function((seconds) -> {
			TimeUnit.SECONDS.sleep(seconds);
			return seconds;
		}), 1, options)) {
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> pool.submit(1000).get())
				.havingCause()
				.isInstanceOfSatisfying(TaskTimeoutException.class,
						(timeout) -> assertThat(timeout.stack()).contains("GuideIT"));
		}
	}

}
