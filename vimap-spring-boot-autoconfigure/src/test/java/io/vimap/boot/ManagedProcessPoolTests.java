package io.vimap.boot;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.vimap.Vimap;
import io.vimap.pool.PoolMode;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.worker.WorkerSpec;
import org.junit.jupiter.api.Test;

import org.springframework.core.ResolvableType;

import static org.assertj.core.api.Assertions.assertThat;

class ManagedProcessPoolTests {

	private static final ResolvableType NUMBER = ResolvableType.forClass(Integer.class);

	/** What {@link #pool} has counted whenever an engine was sent a signal. */
	private final List<Long> counted = new ArrayList<>();

	private final ManagedProcessPool<Integer, Integer> pool = new ManagedProcessPool<>(new ProcessPoolDefinition<>(
			"counted", NUMBER, NUMBER, 1, true, true, Duration.ofSeconds(10), this::engine));

	@SuppressWarnings("unchecked")
	private ProcessPool<Integer, Integer> engine() {
		ProcessPool<Integer, Integer> serial = Vimap.forkIdentical(WorkerSpec.function((Integer input) -> input), 1,
				PoolOptions.builder().mode(PoolMode.SERIAL).closeWhenDone(false).build());
		return (ProcessPool<Integer, Integer>) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { ProcessPool.class }, (proxy, method, arguments) -> {
					if (method.getName().equals("signal")) {
						this.counted.add(this.pool.stats().succeeded());
					}
					return method.invoke(serial, arguments);
				});
	}

	/** As a meter may that is read at this moment. */
	@Test
	void whatIsCountedWhileItStartsAgainIsCountedOnce() {
		this.pool.start();
		this.pool.signal("topic", "message");
		assertThat(this.pool.submit(1)).succeedsWithin(Duration.ofSeconds(10));
		this.pool.stop();
		this.pool.start();
		assertThat(this.counted).containsExactly(0L, 1L);
		assertThat(this.pool.submit(2)).succeedsWithin(Duration.ofSeconds(10));
		assertThat(this.pool.stats().succeeded()).isEqualTo(2);
		this.pool.stop();
	}

}
