package io.vimap.benchmarks.rows;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import io.vimap.benchmarks.Effort;
import io.vimap.benchmarks.Result;
import io.vimap.benchmarks.Row;
import io.vimap.benchmarks.Samples;
import io.vimap.benchmarks.SideBySide;
import io.vimap.benchmarks.SideBySide.Measurement;
import io.vimap.benchmarks.reference.PlainThreads;
import io.vimap.benchmarks.reference.Python;
import io.vimap.benchmarks.workers.EchoOrder;
import io.vimap.benchmarks.workers.Order;
import io.vimap.pool.ProcessPool;
import io.vimap.protocol.AutoCodec;
import io.vimap.protocol.PayloadBuffer;
import io.vimap.protocol.ValueCodec;

/**
 * An unchunked imap of a record with four fields, which travels as JSON. The limit is the
 * JSON alone: as many threads as processes write it and read it twice, as parent and
 * child must, and send nothing.
 */
public final class EchoJson implements Row {

	private static final double TARGET = 1_000_000;

	@Override
	public String name() {
		return "echo-json";
	}

	@Override
	public List<Result> measure(Effort effort) throws Exception {
		int count = effort.pick(1_000_000, 100_000);
		try (PlainThreads threads = new PlainThreads(Pools.PROCESSES);
				ProcessPool<Order, Order> pool = Pools.ready(EchoOrder.class, Pools.PROCESSES)) {
			Measurement echo = () -> Pools.echo(pool, count, Order::of);
			Measurement codecAlone = () -> codecAlone(threads, count);
			// The compilers of three JVMs are at work through the first seven rounds.
			SideBySide.warmUp(effort.pick(8, 1), codecAlone, echo);
			SideBySide runs = new SideBySide();
			Samples ours = runs.add(echo);
			Samples limit = runs.add(codecAlone);
			Samples peer = Python.join(runs, "imap_unordered.py", "json", effort.pick(500_000, 50_000), Pools.PROCESSES,
					100);
			runs.run(effort.repetitions());
			return List.of(Result.of(name(), "tasks/s", ours)
				.limit("Jackson alone", limit)
				.peer("imap_unordered(chunksize=100)", peer)
				.target("≥ 1 M/s", ours.median() >= TARGET));
		}
	}

	private static double codecAlone(PlainThreads threads, int count) throws Exception {
		ValueCodec codec = new AutoCodec().prepare(Order.class);
		int each = count / Pools.PROCESSES;
		Callable<Integer> task = () -> twice(codec, each);
		return count / threads.seconds(Stream.generate(() -> task).limit(Pools.PROCESSES).toList());
	}

	private static int twice(ValueCodec codec, int count) throws Exception {
		PayloadBuffer buffer = new PayloadBuffer(1024);
		int sum = 0;
		for (int i = 0; i < count; i++) {
			Object value = Order.of(i);
			for (int way = 0; way < 2; way++) {
				buffer.truncate(0);
				codec.encode(value, buffer);
				value = codec.decode(buffer.array(), 0, buffer.size());
			}
			sum += (value instanceof Order order) ? order.id() : 0;
		}
		return sum;
	}

}
