package io.vimap.crash;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.vimap.Vimap;
import io.vimap.pool.ExitReason;
import io.vimap.pool.InOut;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.WorkerCrashedException;
import io.vimap.protocol.PoolDirectory;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerSpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Large values travel through memory that parent and child share. Nobody who uses a pool
 * notices, whatever happens to the child meanwhile.
 */
@Tag("concurrency")
@ExtendWith(LeakCheck.class)
@EnabledOnOs(OS.LINUX)
class LargeValuesIT {

	private static final int MIB = 1024 * 1024;

	private static PoolOptions.Builder options() {
		return PoolOptions.builder().name("large").jvmArgs(List.of("-Xmx256m"));
	}

	static class Echo implements Worker<byte[], byte[]> {

		@Override
		public byte[] process(byte[] input) {
			return input;
		}

	}

	/** Does what the first byte says. */
	static class Moody implements Worker<byte[], byte[]> {

		private final List<FileInputStream> hoard = new ArrayList<>();

		@Override
		public byte[] process(byte[] input) throws IOException {
			switch (input[0]) {
				case 'h' -> Runtime.getRuntime().halt(3);
				case 't' -> throw new IllegalStateException("a bad mood");
				case 'f' -> openAllFiles();
				default -> {
				}
			}
			return input;
		}

		/**
		 * But for the classes that a child on a class path of directories finds no more.
		 */
		private void openAllFiles() throws IOException {
			try {
				for (String name : List.of("ErasedValueCodec", "MemoryWriter", "PayloadMemory",
						"PayloadBuffer$Shared")) {
					Class.forName("io.vimap.protocol." + name);
				}
				while (true) {
					this.hoard.add(new FileInputStream("/dev/null"));
				}
			}
			catch (FileNotFoundException ex) {
				// There are no more.
			}
			catch (ClassNotFoundException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	private static byte[] random(int seed, int size) {
		byte[] bytes = new byte[size];
		new Random(seed).nextBytes(bytes);
		bytes[0] = 0;
		return bytes;
	}

	/** By name only: other files come and go meanwhile. */
	private static List<Path> memories() throws IOException {
		List<Path> memories = new ArrayList<>();
		try (DirectoryStream<Path> pools = Files.newDirectoryStream(Path.of(System.getProperty("java.io.tmpdir")),
				"vimap-*")) {
			for (Path pool : pools) {
				try (DirectoryStream<Path> files = Files.newDirectoryStream(pool, "memory-*")) {
					files.forEach(memories::add);
				}
			}
		}
		return memories;
	}

	private static void assertSame(byte[] output, byte[] input) {
		assertThat(Arrays.equals(output, input)).isTrue();
	}

	@Test
	void valuesOfAnyKindComeBackUnchanged() {
		String latin = "x".repeat(3 * MIB);
		String wide = "é∑".repeat(100_000);
		int[] numbers = new Random(1).ints(MIB).toArray();
		double[] doubles = new Random(1).doubles(100_000).toArray();
		List<Serializable> values = List.of(random(1, 64 * 1024 - 2), random(2, 64 * 1024 - 1), random(3, 64 * 1024),
				random(4, MIB), latin, wide, numbers, doubles, new ArrayList<>(List.of(latin, 1, wide)),
				random(5, 20 * MIB), random(6, 64 * MIB - 1), 1, "small");
		try (ProcessPool<Serializable, Serializable> pool = Vimap.forkIdentical(WorkerSpec.function((input) -> input),
				2, options().closeWhenDone(false).build())) {
			for (int round = 0; round < 3; round++) {
				List<InOut<Serializable, Serializable>> pairs = pool.imap(values).zipInOut().toList();
				assertThat(pairs).hasSameSizeAs(values);
				for (InOut<Serializable, Serializable> pair : pairs) {
					assertThat(Arrays.deepEquals(new Object[] { pair.output() }, new Object[] { pair.input() }))
						.isTrue();
				}
			}
		}
	}

	@Test
	void memoryIsUsedForLargeValuesOnlyAndGivenBack() throws Exception {
		try (ProcessPool<byte[], byte[]> pool = Vimap.forkIdentical(WorkerSpec.of(Echo.class), 1,
				options().closeWhenDone(false).build())) {
			for (int i = 0; i < 100; i++) {
				assertSame(pool.submit(random(i, 1_000)).get(), random(i, 1_000));
			}
			assertThat(memories()).isEmpty();
			byte[] large = random(1, MIB);
			// The first travels through the socket, and the others as soon as there is
			// memory.
			Awaitility.await().until(() -> Arrays.equals(pool.submit(large).get(), large) && holds(memories(), large));
			assertThat(memories()).hasSize(1);
			assertThat(pool.stats().bytesSent()).isGreaterThan(MIB);
			assertThat(resident("memory-")).isGreaterThan(2 * MIB);
		}
		// When the last has been read, for which nobody waits who closes the pool.
		Awaitility.await().untilAsserted(() -> assertThat(resident("memory-")).isZero());
	}

	@Test
	void thereIsMemoryAgainAfterThePoolsDirectoryHasBeenRemoved() throws Exception {
		byte[] large = random(1, MIB);
		try (ProcessPool<byte[], byte[]> pool = Vimap.forkIdentical(WorkerSpec.of(Echo.class), 1,
				options().closeWhenDone(false).build())) {
			assertSame(pool.submit(new byte[1]).get(), new byte[1]);
			deleteDirectory();
			assertSame(pool.submit(large).get(), large);
			for (int loss = 0; loss < 2; loss++) {
				int exits = pool.stats().exits().size();
				pool.kill(0);
				Awaitility.await().until(() -> pool.stats().exits().size() > exits);
				Awaitility.await()
					.until(() -> Arrays.equals(pool.submit(large).get(), large) && holds(memories(), large));
				// Now the memory that the next worker would get has lost its file.
				deleteDirectory();
			}
		}
	}

	private static void deleteDirectory() throws IOException {
		try (DirectoryStream<Path> pools = Files.newDirectoryStream(Path.of(System.getProperty("java.io.tmpdir")),
				"vimap-*")) {
			for (Path pool : pools) {
				PoolDirectory.delete(pool);
			}
		}
	}

	/** Whether a value is in the areas for inputs and outputs, behind its tag. */
	private static boolean holds(List<Path> memories, byte[] value) throws IOException {
		if (memories.isEmpty()) {
			return false;
		}
		byte[] content = new byte[value.length];
		try (RandomAccessFile memory = new RandomAccessFile(memories.get(0).toFile(), "r")) {
			for (int at : new int[] { 4097, 4097 + 64 * MIB }) {
				memory.seek(at);
				memory.readFully(content);
				if (!Arrays.equals(content, value)) {
					return false;
				}
			}
		}
		return true;
	}

	/** How much of files with such a name this process has in memory. */
	private static long resident(String name) throws IOException {
		long kib = 0;
		boolean counts = false;
		for (String line : Files.readAllLines(Path.of("/proc/self/smaps"), StandardCharsets.UTF_8)) {
			if (line.matches("[0-9a-f]+-.*")) {
				counts = line.contains(name);
			}
			else if (counts && line.startsWith("Rss:")) {
				kib += Long.parseLong(line.replaceAll("\\D", ""));
			}
		}
		return kib * 1024;
	}

	@Test
	void onlyTheTaskOfADeadWorkerIsLost() throws Exception {
		try (ProcessPool<byte[], byte[]> pool = Vimap.forkIdentical(WorkerSpec.of(Moody.class), 2,
				options().restartBackoff(Duration.ofMillis(1)).restartIntensity(1_000).closeWhenDone(false).build())) {
			List<byte[]> inputs = new ArrayList<>();
			for (int i = 0; i < 120; i++) {
				byte[] input = random(i, 50_000 + new Random(i).nextInt(2 * MIB));
				input[0] = (byte) ((i % 17 == 16) ? 'h' : (i % 7 == 6) ? 't' : 0);
				inputs.add(input);
			}
			List<Future<byte[]>> outputs = new ArrayList<>();
			for (byte[] input : inputs) {
				outputs.add(pool.submit(input));
			}
			for (int i = 0; i < inputs.size(); i++) {
				assertOutcome(inputs.get(i), outputs.get(i));
			}
			// Not one for each worker there has been.
			assertThat(memories()).hasSizeLessThanOrEqualTo(4);
		}
	}

	private static void assertOutcome(byte[] input, Future<byte[]> output) throws Exception {
		switch (input[0]) {
			case 'h' -> assertThatExceptionOfType(ExecutionException.class).isThrownBy(output::get)
				.withCauseInstanceOf(WorkerCrashedException.class);
			case 't' -> assertThatExceptionOfType(ExecutionException.class).isThrownBy(output::get)
				.withMessageContaining("a bad mood");
			default -> assertSame(output.get(60, TimeUnit.SECONDS), input);
		}
	}

	@Test
	void recycledWorkersLeaveTheirMemoryToTheirSuccessors() throws Exception {
		try (ProcessPool<byte[], byte[]> pool = Vimap.forkIdentical(WorkerSpec.of(Echo.class), 2,
				options().maxTasksPerWorker(6).closeWhenDone(false).build())) {
			List<byte[]> inputs = IntStream.range(0, 100).mapToObj((i) -> random(i, 300_000)).toList();
			pool.imap(inputs).zipInOut().forEach((pair) -> assertSame(pair.output(), pair.input()));
			assertThat(pool.stats().restarts().get(ExitReason.RECYCLED)).isGreaterThan(12);
			// Some are still ending while their successors work.
			assertThat(memories()).isNotEmpty().hasSizeLessThanOrEqualTo(6);
		}
	}

	@Test
	void aWorkerThatCanOpenNoFileGoesOnThroughTheSocket() throws Exception {
		// The JVM looks into files of its container now and then, and so has a descriptor
		// less or more.
		try (ProcessPool<byte[], byte[]> pool = Vimap.forkIdentical(WorkerSpec.of(Moody.class), 1,
				options().jvmArgs(List.of("-XX:-UseContainerSupport"))
					.commandPrefix(List.of("sh", "-c", "ulimit -n 100; exec \"$@\"", "sh"))
					.closeWhenDone(false)
					.build())) {
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> pool.submit(new byte[] { 't' }).get());
			byte[] greedy = { 'f' };
			assertSame(pool.submit(greedy).get(), greedy);
			for (int i = 0; i < 5; i++) {
				byte[] large = random(i, MIB);
				assertSame(pool.submit(large).get(60, TimeUnit.SECONDS), large);
			}
			assertThat(pool.stats().restarts()).isEmpty();
		}
	}

}
