package io.vimap.benchmarks.rows;

import java.util.List;

import io.vimap.benchmarks.Effort;
import io.vimap.benchmarks.Result;
import io.vimap.benchmarks.Row;
import io.vimap.benchmarks.Samples;
import io.vimap.benchmarks.SideBySide;
import io.vimap.benchmarks.SideBySide.Measurement;
import io.vimap.benchmarks.reference.Python;
import io.vimap.benchmarks.reference.RawEcho;
import io.vimap.benchmarks.workers.EchoBytes;
import io.vimap.pool.ProcessPool;

/**
 * One MiB there and back. The limit is as many bytes through raw sockets. How much the
 * parent allocates for a payload bounds the number of its copies: the output itself is
 * one of them.
 */
public final class Payload1Mib implements Row {

	private static final int SIZE = 1024 * 1024;

	private static final double BYTES_PER_MIB = SIZE;

	@Override
	public String name() {
		return "payload-1mib";
	}

	@Override
	public List<String> jvmArgs() {
		return List.of("-Xmx512m");
	}

	@Override
	public List<Result> measure(Effort effort) throws Exception {
		int count = effort.pick(1_000, 50);
		byte[] payload = new byte[SIZE];
		Samples copies = new Samples();
		try (RawEcho raw = new RawEcho(Pools.PROCESSES);
				ProcessPool<byte[], byte[]> pool = Pools.ready(EchoBytes.class, Pools.PROCESSES)) {
			Measurement echo = () -> Pools.echo(pool, count, (i) -> payload);
			Measurement bare = () -> raw.bytesPerSecond((long) count * SIZE) / BYTES_PER_MIB;
			// So few calls are made that the compilers need thousands of payloads.
			SideBySide.warmUp(effort.pick(12, 1), bare, echo);
			SideBySide runs = new SideBySide();
			Samples ours = runs.add(() -> {
				Allocation allocation = new Allocation();
				double perSecond = echo.take();
				copies.add((double) allocation.bytes() / count / SIZE);
				return perSecond;
			});
			Samples limit = runs.add(bare);
			Samples peer = Python.join(runs, "imap_unordered.py", "bytes", effort.pick(300, 50), Pools.PROCESSES, 1);
			runs.run(effort.repetitions());
			return List.of(
					Result.of(name(), "MiB/s", ours)
						.limit("raw socket", limit)
						.peer("imap_unordered(chunksize=1)", peer)
						.target("≥ 0.6 × raw", ours.ratioTo(limit) >= 0.6),
					Result.of(name() + "-copies", "payloads-allocated", copies)
						.target("≤ 3 copies in the parent", copies.median() <= 3)
						.note("what the parent allocates per task, in sizes of the payload; the input exists already"));
		}
	}

}
