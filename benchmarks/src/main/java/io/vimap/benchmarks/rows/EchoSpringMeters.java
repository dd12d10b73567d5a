package io.vimap.benchmarks.rows;

import java.util.List;

import io.micrometer.core.instrument.MeterRegistry;
import io.vimap.benchmarks.Effort;
import io.vimap.benchmarks.Result;
import io.vimap.benchmarks.Row;
import io.vimap.benchmarks.Samples;
import io.vimap.benchmarks.SideBySide;
import io.vimap.benchmarks.spring.EchoApplication;
import io.vimap.pool.ProcessPool;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * What the meters cost: the same as {@link EchoInt} in a Spring Boot application. The
 * limit is the application without them.
 */
public final class EchoSpringMeters implements Row {

	@Override
	public String name() {
		return "echo-spring-meters";
	}

	@Override
	public List<Result> measure(Effort effort) throws Exception {
		int count = effort.pick(3_000_000, 100_000);
		try (ConfigurableApplicationContext metered = EchoApplication.start(Pools.PROCESSES, true);
				ConfigurableApplicationContext plain = EchoApplication.start(Pools.PROCESSES, false)) {
			ProcessPool<Integer, Integer> meteredPool = pool(metered);
			ProcessPool<Integer, Integer> plainPool = pool(plain);
			SideBySide.Measurement withMeters = () -> Pools.echo(meteredPool, count, (i) -> i);
			SideBySide.Measurement without = () -> Pools.echo(plainPool, count, (i) -> i);
			int warmUps = effort.pick(8, 1);
			SideBySide.warmUp(warmUps, withMeters, without);
			check((long) warmUps * count, metered);
			check(0, plain);
			SideBySide runs = new SideBySide();
			Samples ours = runs.add(withMeters);
			Samples limit = runs.add(without);
			// One round takes less than a second, and two of the same differ by as much
			// as the
			// target allows.
			runs.run(effort.repetitions() * effort.pick(5, 1));
			return List.of(Result.of(name(), "tasks/s", ours)
				.limit("no meters", limit)
				.target("≥ 0.85 × limit", ours.ratioTo(limit) >= 0.85));
		}
	}

	@SuppressWarnings("unchecked")
	private static ProcessPool<Integer, Integer> pool(ConfigurableApplicationContext application)
			throws InterruptedException {
		ProcessPool<Integer, Integer> pool = application.getBean(ProcessPool.class);
		Pools.awaitReady(pool);
		return pool;
	}

	/** Makes sure that the difference is the meters. */
	private static void check(long count, ConfigurableApplicationContext application) {
		long counted = application.getBean(MeterRegistry.class)
			.find("vimap.task")
			.timers()
			.stream()
			.mapToLong((timer) -> timer.count())
			.sum();
		if (counted != count) {
			throw new IllegalStateException("the meters have counted " + counted + " tasks");
		}
	}

}
