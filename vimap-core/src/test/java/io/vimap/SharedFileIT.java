package io.vimap;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.vimap.pool.PoolClosedException;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.SharedFile;
import io.vimap.pool.WorkerInfo;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerContext;
import io.vimap.worker.WorkerSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SharedFileIT {

	private static final int SIZE = 64 * 1024 * 1024;

	private static final int WORKERS = 4;

	record Args(SharedFile model) {
	}

	record Question(SharedFile other, int at) {
	}

	/** Reads all of its model before it is ready. */
	static class Reader implements Worker<Question, Long> {

		private final ByteBuffer model;

		private long sum;

		Reader(Args args) {
			this.model = args.model().map();
		}

		@Override
		public void init(WorkerContext context) {
			while (this.model.hasRemaining()) {
				this.sum += this.model.get();
			}
		}

		@Override
		public Long process(Question question) {
			return (question.other() != null) ? question.other().map().get(question.at()) : this.sum;
		}

	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void allChildrenShareOneCopy() throws Exception {
		byte[] content = new byte[SIZE];
		java.util.Arrays.fill(content, (byte) 1);
		try (SharedFile model = SharedFile.create(content);
				ProcessPool<Question, Long> pool = Vimap.forkIdentical(
						WorkerSpec.of(Reader.class).initArgs(new Args(model)), WORKERS,
						PoolOptions.builder().name("shared").build())) {
			assertThat(pool.awaitReady(Duration.ofSeconds(60))).isTrue();
			assertThat(pool.submit(new Question(null, 0)).get(20, TimeUnit.SECONDS)).isEqualTo(SIZE);
			List<Long> pids = pool.stats().workers().stream().map(WorkerInfo::pid).toList();
			assertThat(pids).hasSize(WORKERS);
			for (long pid : pids) {
				assertThat(mapped(pid, model, "Rss")).isGreaterThan(SIZE * 9L / 10);
			}
			long proportional = pids.stream().flatMapToLong((pid) -> LongStream.of(mapped(pid, model, "Pss"))).sum();
			assertThat(proportional).isBetween(SIZE / 2L, SIZE * 11L / 10);
		}
	}

	/** Bytes of a process's mapping of the file, as the kernel counts them. */
	private static long mapped(long pid, SharedFile file, String figure) {
		long bytes = 0;
		boolean inside = false;
		try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/smaps"))) {
			for (String line : (Iterable<String>) lines::iterator) {
				if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
					inside = line.endsWith(file.path());
				}
				else if (inside && line.startsWith(figure + ":")) {
					bytes += Long.parseLong(line.replaceAll("\\D", "")) * 1024;
				}
			}
		}
		catch (java.io.IOException ex) {
			throw new java.io.UncheckedIOException(ex);
		}
		return bytes;
	}

	@Test
	void whatThePoolSharesTravelsWithInputsAndIsRemovedWithThePool() throws Exception {
		Path file;
		try (SharedFile model = SharedFile.create(new byte[0]);
				ProcessPool<Question, Long> pool = Vimap.forkIdentical(
						WorkerSpec.of(Reader.class).initArgs(new Args(model)), 2,
						PoolOptions.builder().name("shared").build())) {
			SharedFile other = pool.share(new byte[] { 7, 8, 9 });
			file = Path.of(other.path());
			assertThat(file).exists();
			assertThat(pool.submit(new Question(other, 1)).get(60, TimeUnit.SECONDS)).isEqualTo(8);
		}
		assertThat(file).doesNotExist();
		assertThat(file.getParent()).doesNotExist();
	}

	@Test
	void nothingIsSharedByAPoolThatIsClosedMeanwhile() {
		ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.function((input) -> input), 1,
				PoolOptions.builder().name("shared").build());
		InputStream content = new InputStream() {
			@Override
			public int read() {
				pool.close();
				return -1;
			}
		};
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> pool.share(content));
	}

	@Test
	void aLambdaCanCaptureIt() {
		try (SharedFile shared = SharedFile.create(new byte[] { 5, 6 })) {
			assertThat(Vimap.<Integer, Integer>imapOrdered((at) -> (int) shared.map().get(at), List.of(0, 1, 0)))
				.containsExactly(5, 6, 5);
		}
	}

	@Test
	void aFileThatTakesThePlaceOfAnotherIsMappedAnew(@TempDir Path directory) throws Exception {
		Path file = Files.writeString(directory.resolve("dictionary"), "old");
		try (ProcessPool<SharedFile, String> pool = Vimap.forkIdentical(WorkerSpec.function(SharedFileIT::text), 1)) {
			SharedFile old = SharedFile.of(file);
			assertThat(pool.submit(old).get(20, TimeUnit.SECONDS)).isEqualTo("old");
			Files.move(Files.writeString(directory.resolve("next"), "new"), file, StandardCopyOption.REPLACE_EXISTING);
			assertThat(pool.submit(SharedFile.of(file)).get(20, TimeUnit.SECONDS)).isEqualTo("new");
			Files.delete(file);
			assertThat(pool.submit(old).get(20, TimeUnit.SECONDS)).isEqualTo("new");
		}
	}

	private static String text(SharedFile file) {
		return StandardCharsets.UTF_8.decode(file.map()).toString();
	}

}
