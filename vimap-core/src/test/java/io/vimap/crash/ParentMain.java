package io.vimap.crash;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.vimap.Vimap;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerSpec;

/**
 * A program with a pool, for tests that end it from outside.
 */
public final class ParentMain {

	private ParentMain() {
	}

	/** What a task of a doomed parent does, for ever. */
	enum Doing {

		LOOP, COUNTED_LOOP, SLEEP, PARK, READ_FIFO, GRANDCHILD;

		void doIt(Path directory) throws Exception {
			switch (this) {
				case COUNTED_LOOP -> {
					int[] values = new int[1000];
					while (values.length > 0) {
						for (int i = 0; i < Integer.MAX_VALUE; i++) {
							values[i % 1000] += i;
						}
					}
				}
				case SLEEP -> Thread.sleep(600_000);
				case PARK -> LockSupport.parkNanos(600_000_000_000L);
				case READ_FIFO -> {
					try (InputStream fifo = new FileInputStream(directory.resolve("fifo").toFile())) {
						fifo.read();
					}
				}
				case GRANDCHILD -> {
					Process grandchild = new ProcessBuilder("sleep", "600").start();
					report(directory, grandchild.pid());
					grandchild.waitFor();
				}
				default -> Fault.LOOP.happen();
			}
		}

	}

	/**
	 * What the worker gets.
	 *
	 * @param directory where it reports its process id
	 */
	record Args(String directory) {
	}

	static class Doomed implements Worker<String, String> {

		private final Path directory;

		Doomed(Args args) {
			this.directory = Path.of(args.directory());
		}

		@Override
		public String process(String input) throws Exception {
			report(this.directory, ProcessHandle.current().pid());
			if (input.startsWith("nap")) {
				Thread.sleep(700);
				return input;
			}
			Doing.valueOf(input).doIt(this.directory);
			return input;
		}

	}

	private static void report(Path directory, long pid) throws IOException {
		append(directory.resolve("pids"), Long.toString(pid));
	}

	private static synchronized void append(Path file, String line) throws IOException {
		Files.write(file, (line + "\n").getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE,
				StandardOpenOption.APPEND);
	}

	/**
	 * Runs a parent.
	 * @param args what to do, and a directory
	 * @throws Exception if it fails
	 */
	public static void main(String[] args) throws Exception {
		Path directory = Path.of(args[1]);
		switch (args[0]) {
			case "naps" -> nap(directory);
			case "stream" -> stream(Long.parseLong(args[2]));
			default -> doom(args[0], directory);
		}
	}

	private static ProcessPool<String, String> fork(Path directory) {
		return Vimap.forkIdentical(WorkerSpec.of(Doomed.class).initArgs(new Args(directory.toString())), 2,
				PoolOptions.builder().name("doomed").drainTimeout(Duration.ofSeconds(30)).build());
	}

	private static void doom(String doing, Path directory) throws Exception {
		ProcessPool<String, String> pool = fork(directory);
		for (int i = 0; i < 4; i++) {
			pool.submit(doing);
		}
		Thread.sleep(600_000);
	}

	/** Takes naps in its workers, and is polite when it is ended. */
	private static void nap(Path directory) throws Exception {
		ProcessPool<String, String> pool = fork(directory);
		Runtime.getRuntime().addShutdownHook(new Thread(pool::close));
		List<CompletableFuture<Void>> naps = IntStream.range(0, 8)
			.mapToObj((i) -> pool.submit("nap " + i).thenAccept((nap) -> {
				try {
					append(directory.resolve("naps"), nap);
				}
				catch (IOException ex) {
					throw new IllegalStateException(ex);
				}
			}))
			.toList();
		CompletableFuture.allOf(naps.toArray(new CompletableFuture<?>[0])).join();
		Thread.sleep(600_000);
	}

	private static void stream(long count) {
		long sum = 0;
		ProcessPool<Long, Long> pool = Vimap
			.forkIdentical(WorkerSpec.<Long, Long>function((input) -> input + 1).types(Long.class, Long.class), 2);
		try (Stream<Long> outputs = pool.imap(LongStream.range(0, count).boxed()).outputs()) {
			sum = outputs.mapToLong(Long::longValue).sum();
		}
		System.out.println("sum " + sum);
	}

}
