package io.vimap.crash;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vimap.Vimap;
import io.vimap.crash.BadChild.Script;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolFailedException;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.TaskResult;
import io.vimap.pool.WorkerExit;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerSpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Children that lie, hang and talk nonsense: each is ended for the right reason, and what
 * it was to do is done by others.
 */
@ExtendWith(LeakCheck.class)
class BadChildIT {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final List<String> BRIEF = List.of("-XX:TieredStopAtLevel=1");

	/** Starts the bad child in place of the real one, always or for the first process. */
	private static final String IMPOSTOR = """
			if [ "$1" = always ] || mkdir "$1" 2>/dev/null; then
				shift
				for argument; do
					[ "$argument" = io.vimap.child.WorkerMain ] && argument=io.vimap.crash.BadChild
					set -- "$@" "$argument"
					shift
				done
			else
				shift
			fi
			exec "$@"
			""";

	@TempDir
	Path directory;

	static class Echo implements Worker<String, String> {

		@Override
		public String process(String input) throws Exception {
			if (input.equals("flood")) {
				String line = "a line that nobody wants to read ".repeat(6);
				for (int i = 0; i < 150_000; i++) {
					System.out.println(line);
					System.err.println(line);
				}
			}
			if (input.equals("pid")) {
				return String.valueOf(ProcessHandle.current().pid());
			}
			if (input.startsWith("slow")) {
				Thread.sleep(5);
			}
			return input;
		}

	}

	private static PoolOptions.Builder options(Script script, String when) {
		return PoolOptions.builder()
			.name("liars")
			.jvmArgs(BRIEF)
			.environment(Map.of(BadChild.SCRIPT, script.name()))
			.commandPrefix(List.of("sh", "-c", IMPOSTOR, "sh", when))
			.startTimeout(Duration.ofSeconds(60))
			.killGrace(Duration.ofMillis(200))
			.restartBackoff(Duration.ofMillis(10));
	}

	private static PoolOptions.Builder withTimeouts(PoolOptions.Builder options, Script script, Duration timeout) {
		switch (script) {
			case NEVER_CONNECTS, HANGS_BEFORE_HELLO, GARBAGE_FOR_HELLO, WRONG_TOKEN -> options.startTimeout(timeout);
			case SILENT_AFTER_HELLO -> options.initTimeout(timeout);
			default -> {
			}
		}
		return options;
	}

	private static ExitReason expected(Script script) {
		return switch (script) {
			case EXITS_BEFORE_HELLO, EXITS_AFTER_HELLO, WRONG_VERSION -> ExitReason.START_FAILED;
			case NEVER_CONNECTS, HANGS_BEFORE_HELLO, GARBAGE_FOR_HELLO, WRONG_TOKEN, SILENT_AFTER_HELLO ->
				ExitReason.START_TIMEOUT;
			case TRUNCATED_AND_EXIT -> ExitReason.CRASHED;
			default -> ExitReason.PROTOCOL_ERROR;
		};
	}

	private static void assertExit(WorkerExit exit, Script script) {
		assertThat(exit.reason()).as(exit.explanation()).isEqualTo(expected(script));
		switch (script) {
			case EXITS_BEFORE_HELLO, EXITS_AFTER_HELLO, TRUNCATED_AND_EXIT ->
				assertThat(exit.status()).isEqualTo("exit code 9");
			case WRONG_VERSION -> assertThat(exit.explanation()).contains("version 99").contains("class path");
			case NEVER_CONNECTS, HANGS_BEFORE_HELLO, GARBAGE_FOR_HELLO, WRONG_TOKEN ->
				assertThat(exit.explanation()).contains("start-timeout");
			case SILENT_AFTER_HELLO -> assertThat(exit.explanation()).contains("init-timeout");
			default -> assertThat(exit.detail()).isNotEmpty();
		}
	}

	/** Its time limits are long enough for a good child of a busy machine. */
	@ParameterizedTest
	@EnumSource
	void oneBadChildCostsNothing(Script script) throws Exception {
		PoolOptions options = withTimeouts(options(script, this.directory.resolve("first").toString()), script,
				Duration.ofSeconds(4))
			.build();
		try (ProcessPool<String, String> pool = Vimap.forkIdentical(WorkerSpec.of(Echo.class), 2, options)) {
			// One that lies when it has a task must get one.
			assertThat(script.isBeforeReady() || pool.awaitReady(PATIENCE)).isTrue();
			List<String> inputs = IntStream.range(0, 100).mapToObj((i) -> "slow " + i).toList();
			List<TaskResult<String, String>> results = pool.imap(inputs).closeWhenDone(false).zipInOutTyp().toList();
			assertThat(results).allSatisfy((result) -> assertThat(result).isInstanceOf(TaskResult.Output.class));
			assertThat(results.stream().map((result) -> ((TaskResult.Output<String, String>) result).input()))
				.containsExactlyInAnyOrderElementsOf(inputs);
			Awaitility.await().atMost(PATIENCE).until(() -> !pool.stats().exits().isEmpty());
			assertThat(pool.awaitReady(PATIENCE)).isTrue();
			assertThat(pool.stats().exits()).filteredOn((exit) -> exit.reason() == expected(script))
				.singleElement()
				.satisfies((exit) -> assertExit(exit, script));
		}
	}

	@ParameterizedTest
	@EnumSource
	void onlyBadChildrenMakeThePoolFail(Script script) {
		PoolOptions options = withTimeouts(options(script, "always"), script, Duration.ofSeconds(1)).restartIntensity(1)
			.build();
		try (ProcessPool<String, String> pool = Vimap.forkIdentical(WorkerSpec.of(Echo.class), 1, options)) {
			List<TaskResult<String, String>> results = pool.imap(List.of("a", "b", "c"))
				.closeWhenDone(false)
				.zipInOutTyp()
				.toList();
			assertThat(results).isNotEmpty();
			// What a child answered before it lied counts.
			assertThat(results.get(results.size() - 1)).isInstanceOfSatisfying(TaskResult.Failure.class,
					(failure) -> assertThat(failure.exception().value()).isInstanceOfSatisfying(
							PoolFailedException.class,
							(failed) -> assertThat(failed.exits()).anySatisfy((exit) -> assertExit(exit, script))));
			assertThatThrownBy(() -> pool.awaitReady(Duration.ofSeconds(1))).isInstanceOf(PoolFailedException.class);
		}
	}

	/** The bad child answers {@code null}, a good one would answer with the input. */
	@ParameterizedTest
	@EnumSource(names = { "RESULT_AND_GARBAGE", "RESULT_AND_CLOSED" })
	void aTaskThatWasAnsweredBeforeALieIsNotRunAgain(Script script) throws Exception {
		try (ProcessPool<String, String> pool = Vimap.forkIdentical(WorkerSpec.of(Echo.class), 1,
				options(script, this.directory.resolve("first").toString()).build())) {
			assertThat(pool.awaitReady(PATIENCE)).isTrue();
			assertThat(pool.submit("x").get(60, TimeUnit.SECONDS)).isNull();
			assertThat(pool.submit("y").get(60, TimeUnit.SECONDS)).isEqualTo("y");
			assertThat(pool.stats().exits()).singleElement().satisfies((exit) -> {
				assertExit(exit, script);
				assertThat(exit.tasksDone()).isEqualTo(1);
			});
		}
	}

	@Test
	void strangersAreRefusedAndLogged() throws Exception {
		Logger logger = (Logger) LoggerFactory.getLogger("io.vimap.supervision");
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		logger.addAppender(log);
		try (ProcessPool<String, String> pool = Vimap.forkIdentical(WorkerSpec.of(Echo.class), 1,
				PoolOptions.builder().name("strangers").jvmArgs(BRIEF).build())) {
			assertThat(pool.awaitReady(PATIENCE)).isTrue();
			for (int stranger = 0; stranger < 20; stranger++) {
				try (SocketChannel channel = connect()) {
					channel.write(ByteBuffer.wrap(hello("f".repeat(64))));
					assertThat(channel.read(ByteBuffer.allocate(100))).isEqualTo(-1);
				}
			}
			assertThat(pool.submit("x").get(10, TimeUnit.SECONDS)).isEqualTo("x");
			assertThat(pool.stats().exits()).isEmpty();
			assertThat(log.list).filteredOn((event) -> event.getLevel() == Level.WARN)
				.hasSize(20)
				.allSatisfy((event) -> assertThat(event.getFormattedMessage()).contains("refused a connection")
					.contains("no valid token"));
		}
		finally {
			logger.detachAppender(log);
		}
	}

	/** One says nothing, the other never ends what it says. */
	@Test
	void strangersThatHoldTheLineAreCutOff() throws Exception {
		try (ProcessPool<String, String> pool = Vimap.forkIdentical(WorkerSpec.of(Echo.class), 1,
				PoolOptions.builder().name("strangers").jvmArgs(BRIEF).build())) {
			assertThat(pool.awaitReady(PATIENCE)).isTrue();
			try (SocketChannel silent = connect(); SocketChannel slow = connect()) {
				ByteBuffer words = ByteBuffer.wrap(hello("f".repeat(900)));
				Awaitility.await()
					.atMost(PATIENCE)
					.pollInterval(Duration.ofMillis(100))
					// It may have been cut off since its thread was seen.
					.ignoreException(IOException.class)
					.until(() -> !hasThread("vimap-strangers-handshake")
							|| slow.write(words.limit(words.position() + 1)) < 1);
				assertThat(words.position()).as("bytes said").isBetween(1, 900);
				assertThat(silent.read(ByteBuffer.allocate(1))).isEqualTo(-1);
				assertThat(slow.read(ByteBuffer.allocate(1))).isEqualTo(-1);
			}
			assertThat(pool.submit("x").get(10, TimeUnit.SECONDS)).isEqualTo("x");
		}
	}

	@Test
	void aSilentStrangerDoesNotOutliveThePool() throws Exception {
		ProcessPool<String, String> pool = Vimap.forkIdentical(WorkerSpec.of(Echo.class), 1,
				PoolOptions.builder().name("strangers").jvmArgs(BRIEF).build());
		assertThat(pool.awaitReady(PATIENCE)).isTrue();
		try (SocketChannel channel = connect()) {
			Awaitility.await().until(() -> hasThread("vimap-strangers-handshake"));
			pool.close();
			Awaitility.await().atMost(Duration.ofSeconds(3)).until(() -> !hasThread("vimap-strangers-handshake"));
			assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
		}
	}

	private static boolean hasThread(String name) {
		return Thread.getAllStackTraces().keySet().stream().anyMatch((thread) -> thread.getName().equals(name));
	}

	private static SocketChannel connect() throws IOException {
		SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
		channel.connect(UnixDomainSocketAddress.of(socket()));
		return channel;
	}

	private static Path socket() throws IOException {
		try (Stream<Path> files = Files.walk(Path.of(System.getProperty("java.io.tmpdir")))) {
			return files.filter((file) -> file.endsWith("s")).findFirst().orElseThrow();
		}
	}

	private static byte[] hello(String token) {
		byte[] text = token.getBytes(StandardCharsets.UTF_8);
		return ByteBuffer.allocate(25 + text.length)
			.putInt(21 + text.length)
			.put((byte) 1)
			.putInt(0x56494d50)
			.putInt(1)
			.putInt(text.length)
			.put(text)
			.putLong(1)
			.array();
	}

	@Test
	void nothingSecretIsVisible() throws Exception {
		WorkerSpec<String, String> spec = WorkerSpec.of(Echo.class).initArgs(Map.of("password", "xyzzy"));
		try (ProcessPool<String, String> pool = Vimap.forkIdentical(spec, 1,
				PoolOptions.builder().name("secrets").jvmArgs(BRIEF).build())) {
			Path process = Path.of("/proc", pool.submit("pid").get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
			for (String file : List.of("cmdline", "environ")) {
				String content = new String(Files.readAllBytes(process.resolve(file)), StandardCharsets.ISO_8859_1);
				assertThat(content).doesNotContain("xyzzy").doesNotContainPattern("[0-9a-f]{64}");
			}
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket().getParent())))
				.isEqualTo("rwx------");
		}
	}

	@Test
	void aFloodOfOutputHoldsNobodyUp() throws Exception {
		try (ProcessPool<String, String> pool = Vimap.forkIdentical(WorkerSpec.of(Echo.class), 1,
				PoolOptions.builder().name("flood").jvmArgs(BRIEF).build())) {
			assertThat(pool.awaitReady(PATIENCE)).isTrue();
			long before = usedMemory();
			assertThat(pool.submit("flood").get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("flood");
			assertThat(pool.submit("x").get(10, TimeUnit.SECONDS)).isEqualTo("x");
			assertThat(usedMemory() - before).isLessThan(32L << 20);
		}
	}

	/**
	 * Lengths are checked, and even an allowed one reserves no memory before it arrives.
	 */
	@Test
	void announcedLengthsReserveNothing() throws Exception {
		try (ProcessPool<String, String> pool = Vimap.forkIdentical(WorkerSpec.of(Echo.class), 1,
				PoolOptions.builder().name("lengths").jvmArgs(BRIEF).build())) {
			assertThat(pool.awaitReady(PATIENCE)).isTrue();
			long before = usedMemory();
			List<SocketChannel> strangers = IntStream.range(0, 50).mapToObj((i) -> {
				try {
					SocketChannel channel = connect();
					channel.write(ByteBuffer.allocate(4).putInt(1000).flip());
					return channel;
				}
				catch (IOException ex) {
					throw new IllegalStateException(ex);
				}
			}).collect(Collectors.toList());
			Awaitility.await().until(() -> hasThread("vimap-lengths-handshake"));
			assertThat(usedMemory() - before).isLessThan(16L << 20);
			for (SocketChannel stranger : strangers) {
				stranger.close();
			}
		}
	}

	private static long usedMemory() {
		System.gc();
		return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
	}

}
