package io.vimap.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.vimap.Vimap;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.worker.WorkerSpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Checks after each test that nothing of its pools is left: no child process, no thread,
 * no file and no descriptor. A pool that a class keeps for all its tests must have no
 * more of them after a test than before, and none after the last. Gives each test a
 * directory for temporary files of its own, so that the files of other JVMs are not taken
 * for its own.
 */
public final class LeakCheck implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String TEMPORARY = "java.io.tmpdir";

	/**
	 * Directories of tests are not made in that of their class: paths of sockets are
	 * short.
	 */
	private static final Path ROOT = Path.of(System.getProperty(TEMPORARY));

	private record Before(Snapshot snapshot, Path directory, String temporary) {
	}

	/**
	 * What may leak, as it is at one moment. Threads and descriptors are counted by kind:
	 * a worker that replaces another has its own.
	 */
	private record Snapshot(List<Long> processes, Map<String, Long> threads, Map<String, Long> descriptors) {

		static Snapshot take() {
			return new Snapshot(ProcessHandle.current().descendants().map(ProcessHandle::pid).toList(),
					count(Thread.getAllStackTraces()
						.keySet()
						.stream()
						.map(Thread::getName)
						.filter((name) -> name.startsWith("vimap-"))
						.map((name) -> name.replaceAll("[0-9]+$", ""))),
					openDescriptors());
		}

		/** The descriptors of the kinds that the engine opens. */
		private static Map<String, Long> openDescriptors() {
			try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
				return count(all.map(Snapshot::kind).filter((kind) -> !kind.isEmpty()));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		private static Map<String, Long> count(Stream<String> kinds) {
			return kinds.collect(Collectors.groupingBy((kind) -> kind, TreeMap::new, Collectors.counting()));
		}

		private static String kind(Path descriptor) {
			try {
				String target = Files.readSymbolicLink(descriptor).toString();
				if (target.startsWith("/")) {
					return target.contains("vimap-") && !target.endsWith(".jar") ? target.replaceAll("/[0-9]+/", "/")
							: "";
				}
				return target.replaceAll("\\[?[0-9]+]?$", "");
			}
			catch (IOException ex) {
				// Closed meanwhile: the directory's own descriptor, for one.
				return "";
			}
		}

	}

	/** The first pool of a JVM opens what the JDK then keeps. */
	@Override
	public void beforeAll(ExtensionContext context) throws IOException {
		context.getRoot()
			.getStore(ExtensionContext.Namespace.GLOBAL)
			.computeIfAbsent(LeakCheck.class, (key) -> warmUp(), Object.class);
		begin(context);
	}

	private static Object warmUp() {
		PoolOptions options = PoolOptions.builder().name("warm-up").build();
		try (ProcessPool<String, String> pool = Vimap.forkIdentical(WorkerSpec.function((input) -> input), 1,
				options)) {
			return pool.submit("warm").join();
		}
	}

	@Override
	public void beforeEach(ExtensionContext context) throws IOException {
		begin(context);
	}

	@Override
	public void afterEach(ExtensionContext context) throws IOException {
		end(context);
	}

	@Override
	public void afterAll(ExtensionContext context) throws IOException {
		end(context);
	}

	private static void begin(ExtensionContext context) throws IOException {
		Path directory = Files.createTempDirectory(ROOT, "leaks");
		store(context).put(Before.class, new Before(Snapshot.take(), directory, System.getProperty(TEMPORARY)));
		System.setProperty(TEMPORARY, directory.toString());
	}

	private static void end(ExtensionContext context) throws IOException {
		Before before = store(context).remove(Before.class, Before.class);
		System.setProperty(TEMPORARY, before.temporary());
		Awaitility.await("nothing is left").atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
			Snapshot now = Snapshot.take();
			assertThat(now.processes()).as("child processes, before: %s", before.snapshot().processes())
				.hasSizeLessThanOrEqualTo(before.snapshot().processes().size());
			assertNoMore("threads", now.threads(), before.snapshot().threads());
			assertThat(files(before.directory())).as("files").isEmpty();
			assertNoMore("descriptors", now.descriptors(), before.snapshot().descriptors());
		});
		Files.delete(before.directory());
	}

	private static void assertNoMore(String what, Map<String, Long> now, Map<String, Long> before) {
		now.forEach((kind, count) -> assertThat(count).as(what + " of " + kind)
			.isLessThanOrEqualTo(before.getOrDefault(kind, 0L)));
	}

	private static List<Path> files(Path directory) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			return files.filter((file) -> !file.equals(directory)).toList();
		}
	}

	private static ExtensionContext.Store store(ExtensionContext context) {
		return context.getStore(ExtensionContext.Namespace.create(LeakCheck.class, context.getUniqueId()));
	}

}
