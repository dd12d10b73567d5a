package io.vimap.boot.actuate.endpoint;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import io.vimap.Vimap;
import io.vimap.boot.FakeProcessPool;
import io.vimap.boot.ProcessPools;
import io.vimap.boot.actuate.endpoint.VimapDescriptors.RefusalDescriptor;
import io.vimap.boot.actuate.endpoint.VimapDescriptors.WorkerDetailsDescriptor;
import io.vimap.boot.actuate.endpoint.VimapEndpoint.PoolAction;
import io.vimap.pool.PoolMode;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.pool.ProcessPool;
import io.vimap.worker.WorkerContext;
import io.vimap.worker.WorkerSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class VimapEndpointWebExtensionTests {

	private final FakeProcessPool<String, String> pool = new FakeProcessPool<>(
			List.of(WorkerSpec.function((String text) -> text)), PoolOptions.defaults());

	private final VimapEndpointWebExtension endpoint = new VimapEndpointWebExtension(
			new VimapEndpoint(new OnePool(this.pool)));

	@ParameterizedTest
	@CsvSource({ "RUNNING, 200", "FAILED, 200", "STOPPING, 409", "TERMINATED, 409" })
	void anActionOnAPoolThatIsStoppedIsAConflict(PoolState state, int status) {
		this.pool.state = state;
		for (PoolAction action : PoolAction.values()) {
			assertThat(this.endpoint.changePool("only", action.name(), "3").getStatus()).as(action.name())
				.isEqualTo(status);
		}
		assertThat(this.pool.calls).hasSize((status == 200) ? PoolAction.values().length : 0);
	}

	/** It had the seat when the statistics were taken. */
	@Test
	void aWorkerThatEndsWhileItIsLookedAtIsShownWithoutItsStacks() {
		VimapEndpoint endpoint = new VimapEndpoint(new OnePool(
				new FakeProcessPool<>(List.of(WorkerSpec.function((String text) -> text)), PoolOptions.defaults()) {

					@Override
					public CompletableFuture<String> threadDump(int index) {
						throw new IllegalStateException("Worker 0 of pool 'only' is not running at the moment.");
					}

				}));
		WorkerDetailsDescriptor worker = endpoint.worker("only", 0);
		assertThat(worker).isNotNull();
		assertThat(worker.worker().index()).isZero();
		assertThat(worker.threadDump()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "STOPPING, pool 'only' is being stopped", "TERMINATED, pool 'only' has been stopped" })
	void theReasonOfAConflictIsTheStateOfThePool(PoolState state, String reason) {
		this.pool.state = state;
		assertThat(this.endpoint.changePool("only", "pause", null).getBody()).isEqualTo(new RefusalDescriptor(reason));
	}

	@Test
	void aSeatThatNoProcessHasTellsHowTheLastOneEnded() {
		WorkerSpec<String, String> broken = WorkerSpec.of((WorkerContext context) -> {
			throw new IllegalStateException("no licence");
		});
		try (ProcessPool<String, String> failed = Vimap.forkIdentical(broken, 1,
				PoolOptions.builder().mode(PoolMode.SERIAL).build())) {
			assertThat(failed.state()).isEqualTo(PoolState.FAILED);
			VimapEndpointWebExtension shown = new VimapEndpointWebExtension(new VimapEndpoint(new OnePool(failed)));
			assertThat(shown.worker("only", "0").getBody()).isInstanceOfSatisfying(WorkerDetailsDescriptor.class,
					(seat) -> {
						assertThat(seat.worker()).isNull();
						assertThat(seat.exits()).singleElement()
							.satisfies((exit) -> assertThat(exit.explanation()).contains("no licence"));
					});
			assertThat(shown.worker("only", "1").getStatus()).isEqualTo(404);
			assertThat(shown.worker("only", "-1").getStatus()).isEqualTo(404);
		}
	}

	private record OnePool(ProcessPool<?, ?> pool) implements ProcessPools {

		@Override
		public Set<String> names() {
			return Set.of("only");
		}

		@Override
		public ProcessPool<?, ?> get(String name) {
			return this.pool;
		}

		@Override
		public <I, O> ProcessPool<I, O> get(String name, Class<I> input, Class<O> output) {
			throw new UnsupportedOperationException();
		}

	}

}
