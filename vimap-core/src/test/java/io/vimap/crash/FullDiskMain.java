package io.vimap.crash;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.vimap.Vimap;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolListener;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.WorkerCrashedException;
import io.vimap.pool.WorkerExit;
import io.vimap.worker.WorkerSpec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A program with a pool whose directory is on a small disk, which is full when the first
 * large value comes.
 */
public final class FullDiskMain {

	private static final int LARGE = 500_000;

	private final LinkedBlockingQueue<WorkerExit> exits = new LinkedBlockingQueue<>();

	private final Path filler = Path.of(System.getProperty("java.io.tmpdir"), "filler");

	private FullDiskMain() {
	}

	private static String obey(String input) {
		if (input.equals("halt")) {
			Fault.HALT.happen();
		}
		return input;
	}

	private void fill() throws IOException {
		byte[] block = new byte[4096];
		try (OutputStream out = Files.newOutputStream(this.filler)) {
			while (true) {
				out.write(block);
			}
		}
		catch (IOException ex) {
			assertThat(ex).hasMessageContaining("No space left");
		}
	}

	private void run() throws Exception {
		PoolListener listener = new PoolListener() {
			@Override
			public void onWorkerExit(WorkerExit exit) {
				FullDiskMain.this.exits.add(exit);
			}
		};
		try (ProcessPool<String, String> pool = Vimap.forkIdentical(WorkerSpec.function(FullDiskMain::obey), 1,
				PoolOptions.builder().name("full").restartIntensity(1000).listeners(List.of(listener)).build())) {
			assertEchoes(pool, "x");
			fill();
			for (int i = 0; i < 3; i++) {
				assertEchoes(pool, "y".repeat(LARGE));
			}
			Future<String> halt = pool.submit("halt");
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> halt.get(20, TimeUnit.SECONDS))
				.withCauseInstanceOf(WorkerCrashedException.class);
			assertThat(this.exits.poll(20, TimeUnit.SECONDS)).isNotNull();
			WorkerExit failed = this.exits.poll(20, TimeUnit.SECONDS);
			assertThat(failed.reason()).isEqualTo(ExitReason.START_FAILED);
			assertThat(failed.explanation()).contains("No space left", System.getProperty("java.io.tmpdir"));
			Files.delete(this.filler);
			assertEchoes(pool, "z".repeat(LARGE));
			assertEchoes(pool, "z".repeat(LARGE));
		}
	}

	private static void assertEchoes(ProcessPool<String, String> pool, String value) throws Exception {
		assertThat(pool.submit(value).get(30, TimeUnit.SECONDS).equals(value)).isTrue();
	}

	/**
	 * Runs the program.
	 * @param args none
	 * @throws Exception if the pool does not behave
	 */
	public static void main(String[] args) throws Exception {
		new FullDiskMain().run();
	}

}
