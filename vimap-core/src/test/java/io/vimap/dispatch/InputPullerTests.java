package io.vimap.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

import io.vimap.dispatch.DispatchHarness.FakeRun;
import io.vimap.pool.PoolFailedException;
import io.vimap.pool.PoolState;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static io.vimap.dispatch.DispatchHarness.options;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * How inputs are pulled and offered, with a clock of its own.
 */
class InputPullerTests {

	@AutoClose
	private final DispatchHarness harness = new DispatchHarness();

	/** Inputs 1 and up, without end, of which each pull is told. */
	private static Iterator<String> numbers(IntConsumer onPull) {
		return IntStream.iterate(1, (i) -> i + 1).peek(onPull).mapToObj(String::valueOf).iterator();
	}

	@Test
	void pullsAsMuchAsTheBoundAllows() {
		this.harness.start(options(), 0);
		Run run = new Run(numbers((i) -> {
		}), 1, 300);
		assertThat(run.pull()).isTrue();
		assertThat(this.harness.waiting()).isEqualTo(300);
		assertThat(run.pull()).isFalse();
		run.bound.take();
		run.pull();
		assertThat(this.harness.waiting()).isEqualTo(301);
	}

	@Test
	void theBoundHoldsEvenIfAGroupIsOfferedWhileItGrows() {
		this.harness.start(options(), 0);
		List<Integer> pulled = new ArrayList<>();
		Run run = new Run(numbers((i) -> {
			pulled.add(i);
			if (i == 7) {
				this.harness.pass(Duration.ofMillis(100));
			}
		}), 5, 8);
		run.pull();
		assertThat(pulled).hasSize(8);
	}

	@Test
	void anInputThatWasLongInComingIsOfferedAtOnce() {
		FakeWorker worker = this.harness.start(options());
		Run run = new Run(numbers((i) -> this.harness.pass(Duration.ofMillis(5))), 1, 100);
		run.pull();
		assertThat(worker.received()).containsExactly("TASK 1 1");
	}

	@Test
	void whatWasPulledDoesNotWaitForAnInputThatIsLongInComing() {
		FakeWorker worker = this.harness.start(options());
		List<String> sentWhilePulling = new ArrayList<>();
		Run run = new Run(numbers((i) -> {
			if (i == 2) {
				this.harness.pass(Duration.ofMillis(100));
				sentWhilePulling.addAll(worker.received());
			}
		}), 2, 2);
		run.pull();
		assertThat(sentWhilePulling).containsExactly("TASK 1 1");
	}

	@Test
	void noPartOfAChunkWaitsForAnInputThatIsLongInComing() {
		FakeWorker worker = this.harness.start(options().prefetch(99));
		List<String> sentWhilePulling = new ArrayList<>();
		Run run = new Run(numbers((i) -> {
			this.harness.pass(Duration.ofMillis(100));
			sentWhilePulling.addAll(worker.received());
		}), 4, 4);
		run.pull();
		assertThat(sentWhilePulling).containsExactly("TASK 1 1", "TASK 2 2", "TASK 3 3");
	}

	@Test
	void anInputThatComesAfterItsGroupHasGoneIsOfferedAtOnce() {
		FakeWorker worker = this.harness.start(options().prefetch(99));
		List<Integer> pulled = new ArrayList<>();
		Run run = new Run(numbers((i) -> {
			pulled.add(i);
			if (i == 6) {
				this.harness.pass(Duration.ofMillis(100));
			}
		}), 1, 20);
		run.pull();
		assertThat(pulled).hasSize(6);
		assertThat(worker.received()).hasSize(6).last().isEqualTo("TASK 6 6");
	}

	@Test
	void aChunkIsNotDividedBecauseTheOneBeforeItIsOld() {
		this.harness.start(options(), 0);
		List<Long> waiting = new ArrayList<>();
		Run run = new Run(numbers((i) -> {
			if (i == 2 || i == 4) {
				this.harness.pass(Duration.ofMillis(60));
				waiting.add(this.harness.waiting());
			}
		}), 2, 4);
		run.pull();
		assertThat(waiting).containsExactly(0L, 2L);
		assertThat(this.harness.waiting()).isEqualTo(4);
	}

	@Test
	void anIteratorThatThrowsEndsTheInputsButNotWhatIsUnderWay() {
		FakeWorker worker = this.harness.start(options());
		IllegalStateException broken = new IllegalStateException("broken");
		Run run = new Run(numbers((i) -> {
			if (i == 3) {
				throw broken;
			}
		}), 1, 100);
		run.pull();
		assertThat(run.puller.ended()).isTrue();
		assertThat(run.puller.failure()).isSameAs(broken);
		worker.answers(1, 2);
		assertThat(run.owner.outputs).containsExactly("1!", "2!");
	}

	@Test
	void aPoolThatTakesNothingEndsTheInputs() {
		this.harness.start(options(), 0);
		this.harness.become(PoolState.FAILED);
		List<Integer> pulled = new ArrayList<>();
		Run run = new Run(numbers(pulled::add), 1, 100);
		assertThat(run.puller.isRefused()).isTrue();
		run.pull();
		assertThat(run.puller.failure()).isInstanceOf(PoolFailedException.class);
		assertThat(this.harness.waiting()).isZero();
	}

	@Test
	void theBoundWidensWithTheWindowsUnlessTheUserHasSetIt() {
		this.harness.start(options().prefetch(99), 2);
		ImapBound automatic = new ImapBound(this.harness.dispatcher, 1, null);
		assertThat(automatic.limit()).isEqualTo(4);
		while (automatic.widen()) {
			continue;
		}
		assertThat(automatic.limit()).as("both windows of 100, twice").isEqualTo(400);
		ImapBound fixed = new ImapBound(this.harness.dispatcher, 1, 7);
		assertThat(fixed.widen()).isFalse();
		assertThat(fixed.limit()).isEqualTo(7);
	}

	/** A run without a consumer. */
	private final class Run {

		private final FakeRun owner;

		private final ImapBound bound;

		private final InputPuller puller;

		private Run(Iterator<?> inputs, int chunk, int bound) {
			TaskDispatcher dispatcher = InputPullerTests.this.harness.dispatcher;
			this.owner = InputPullerTests.this.harness.run(chunk, Duration.ZERO);
			this.bound = new ImapBound(dispatcher, chunk, bound);
			this.puller = new InputPuller(dispatcher, inputs, this.bound, this.owner, this.owner.queue, Map::of);
		}

		private boolean pull() {
			return this.puller.pull(() -> true);
		}

	}

}
