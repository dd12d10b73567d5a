package io.vimap.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

import io.vimap.pool.PoolFailedException;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How inputs are pulled and offered, with a clock of its own.
 */
class InputPullerTests {

	private static final PoolOptions OPTIONS = PoolOptions.builder().name("dispatched").build();

	/** Inputs 1 and up, without end, of which each pull is told. */
	private static Iterator<String> numbers(IntConsumer onPull) {
		return IntStream.iterate(1, (i) -> i + 1).peek(onPull).mapToObj(String::valueOf).iterator();
	}

	/** A run without a consumer. */
	private static final class Run {

		private final DispatchHarness.FakeRun owner;

		private final ImapBound bound;

		private final InputPuller puller;

		private Run(DispatchHarness harness, Iterator<?> inputs, int chunk, int bound) {
			this.owner = harness.new FakeRun(chunk, Duration.ZERO);
			this.bound = new ImapBound(harness.dispatcher, chunk, bound);
			this.puller = new InputPuller(harness.dispatcher, inputs, this.bound, this.owner, this.owner.queue);
		}

		private boolean pull() {
			return this.puller.pull(() -> true);
		}

	}

	@Test
	void pullsAsMuchAsTheBoundAllows() {
		try (DispatchHarness harness = new DispatchHarness(OPTIONS, 0)) {
			Run run = new Run(harness, numbers((i) -> {
			}), 1, 300);
			assertThat(run.pull()).isTrue();
			assertThat(harness.waiting()).isEqualTo(300);
			assertThat(run.pull()).isFalse();
			run.bound.take();
			run.pull();
			assertThat(harness.waiting()).isEqualTo(301);
		}
	}

	@Test
	void theBoundHoldsEvenIfAGroupIsOfferedWhileItGrows() {
		try (DispatchHarness harness = new DispatchHarness(OPTIONS, 0)) {
			List<Integer> pulled = new ArrayList<>();
			Run run = new Run(harness, numbers((i) -> {
				pulled.add(i);
				if (i == 7) {
					harness.pass(Duration.ofMillis(100));
				}
			}), 5, 8);
			run.pull();
			assertThat(pulled).hasSize(8);
		}
	}

	@Test
	void anInputThatWasLongInComingIsOfferedAtOnce() {
		try (DispatchHarness harness = new DispatchHarness(OPTIONS, 1)) {
			Run run = new Run(harness, numbers((i) -> harness.pass(Duration.ofMillis(5))), 1, 100);
			run.pull();
			assertThat(harness.worker(0).received()).containsExactly("TASK 1 1");
		}
	}

	@Test
	void whatWasPulledDoesNotWaitForAnInputThatIsLongInComing() {
		try (DispatchHarness harness = new DispatchHarness(OPTIONS, 1)) {
			List<String> sentWhilePulling = new ArrayList<>();
			Run run = new Run(harness, numbers((i) -> {
				if (i == 2) {
					harness.pass(Duration.ofMillis(100));
					sentWhilePulling.addAll(harness.worker(0).received());
				}
			}), 2, 2);
			run.pull();
			assertThat(sentWhilePulling).containsExactly("TASK 1 1");
		}
	}

	@Test
	void anInputThatComesAfterItsGroupHasGoneIsOfferedAtOnce() {
		try (DispatchHarness harness = new DispatchHarness(
				PoolOptions.builder().name("dispatched").prefetch(99).build(), 1)) {
			List<Integer> pulled = new ArrayList<>();
			Run run = new Run(harness, numbers((i) -> {
				pulled.add(i);
				if (i == 6) {
					harness.pass(Duration.ofMillis(100));
				}
			}), 1, 20);
			run.pull();
			assertThat(pulled).hasSize(6);
			assertThat(harness.worker(0).received()).hasSize(6).last().isEqualTo("TASK 6 6");
		}
	}

	@Test
	void aChunkIsNotDividedBecauseTheOneBeforeItIsOld() {
		try (DispatchHarness harness = new DispatchHarness(OPTIONS, 0)) {
			List<Long> waiting = new ArrayList<>();
			Run run = new Run(harness, numbers((i) -> {
				if (i == 2 || i == 4) {
					harness.pass(Duration.ofMillis(60));
					waiting.add((long) harness.waiting());
				}
			}), 2, 4);
			run.pull();
			assertThat(waiting).containsExactly(0L, 2L);
			assertThat(harness.waiting()).isEqualTo(4);
		}
	}

	@Test
	void anIteratorThatThrowsEndsTheInputsButNotWhatIsUnderWay() {
		try (DispatchHarness harness = new DispatchHarness(OPTIONS, 1)) {
			IllegalStateException broken = new IllegalStateException("broken");
			Run run = new Run(harness, numbers((i) -> {
				if (i == 3) {
					throw broken;
				}
			}), 1, 100);
			run.pull();
			assertThat(run.puller.ended()).isTrue();
			assertThat(run.puller.failure()).isSameAs(broken);
			harness.worker(0).answers(1, 2);
			assertThat(run.owner.outputs).containsExactly("1!", "2!");
		}
	}

	@Test
	void aPoolThatTakesNothingEndsTheInputs() {
		try (DispatchHarness harness = new DispatchHarness(OPTIONS, 0)) {
			harness.become(PoolState.FAILED);
			List<Integer> pulled = new ArrayList<>();
			Run run = new Run(harness, numbers(pulled::add), 1, 100);
			assertThat(run.puller.isRefused()).isTrue();
			run.pull();
			assertThat(run.puller.failure()).isInstanceOf(PoolFailedException.class);
			assertThat(harness.waiting()).isZero();
		}
	}

	@Test
	void theBoundWidensWithTheWindowsUnlessTheUserHasSetIt() {
		try (DispatchHarness harness = new DispatchHarness(
				PoolOptions.builder().name("dispatched").prefetch(99).build(), 2)) {
			ImapBound automatic = new ImapBound(harness.dispatcher, 1, null);
			assertThat(automatic.limit()).isEqualTo(4);
			while (automatic.widen()) {
				continue;
			}
			assertThat(automatic.limit()).as("both windows of 100, twice").isEqualTo(400);
			ImapBound fixed = new ImapBound(harness.dispatcher, 1, 7);
			assertThat(fixed.widen()).isFalse();
			assertThat(fixed.limit()).isEqualTo(7);
		}
	}

}
