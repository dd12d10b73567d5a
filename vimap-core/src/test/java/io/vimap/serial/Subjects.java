package io.vimap.serial;

import java.util.ArrayList;
import java.util.List;

import io.vimap.worker.Worker;
import io.vimap.worker.WorkerContext;

/**
 * Workers that do what their input says, the same in a child and in this JVM.
 */
final class Subjects {

	/** What has happened in this JVM. */
	static final List<String> LOG = new ArrayList<>();

	private Subjects() {
	}

	/** As if nothing had happened. */
	static void forget() {
		LOG.clear();
		Reluctant.refusing = false;
	}

	/** A value that can be written if it holds no cycle. */
	public record Value(String text, Cycle cycle) {
	}

	/** Obeys. */
	static class Obedient implements Worker<String, Value> {

		private int count;

		@Override
		public void init(WorkerContext context) {
			LOG.add("init " + context.index() + " " + context.incarnation());
			context.onSignal("topic", (message) -> LOG.add("heard " + message));
		}

		@Override
		public Value process(String input) throws Exception {
			this.count++;
			return switch (input) {
				case "throw" -> throw new IllegalStateException("thrown");
				case "deep" -> throw deep();
				case "own" -> throw new OwnException(7);
				case "error" -> throw new AssertionError("an error");
				case "large" -> new Value("x".repeat(5000), null);
				case "unwritable" -> new Value("", new Cycle());
				case "null" -> null;
				case "slow" -> {
					Thread.sleep(60_000);
					yield null;
				}
				case "interrupted?" -> new Value(String.valueOf(Thread.currentThread().isInterrupted()), null);
				case "interrupt" -> {
					Thread.currentThread().interrupt();
					yield new Value("interrupted", null);
				}
				case "count" -> new Value(String.valueOf(this.count), null);
				default -> new Value(input + "!", null);
			};
		}

		private static Exception deep() {
			Exception deep = new Exception("outer", new IllegalArgumentException("inner"));
			deep.addSuppressed(new IllegalStateException("suppressed"));
			return deep;
		}

		@Override
		public void cleanup() {
			LOG.add("cleanup");
		}

	}

	/** Can't be written: it contains itself. */
	public static final class Cycle {

		public Cycle getSelf() {
			return this;
		}

	}

	/** Can't be rebuilt: no constructor fits. */
	static final class OwnException extends Exception {

		private static final long serialVersionUID = 1L;

		OwnException(int number) {
			super("own " + number);
		}

	}

	/** Fails to start as long as it is told to. */
	static class Reluctant implements Worker<Integer, Integer> {

		static volatile boolean refusing;

		@Override
		public void init(WorkerContext context) {
			if (refusing) {
				throw new IllegalStateException("not today");
			}
		}

		@Override
		public Integer process(Integer input) {
			return input + 1;
		}

	}

	/** Fails to clean up. */
	static class Untidy implements Worker<Integer, Integer> {

		@Override
		public Integer process(Integer input) {
			return input;
		}

		@Override
		public void cleanup() {
			throw new IllegalStateException("untidy");
		}

	}

}
