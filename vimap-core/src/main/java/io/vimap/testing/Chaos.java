package io.vimap.testing;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import io.vimap.worker.ContextualWorker;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerContext;
import io.vimap.worker.WorkerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes real workers die or hang at a moment that the test chooses, so that it can show
 * what the application makes of it:
 *
 * <pre>{@code
 * try (Chaos chaos = Chaos.create().kill(2, 5)) {
 * 	WorkerSpec<String, String> worker = WorkerSpec.of(chaos.in((context) -> new Parser()));
 * 	ProcessPool<String, String> pool = Vimap.forkIdentical(worker, 4);
 * 	...
 * 	assertThat(chaos.happened()).isEqualTo(1);
 * }
 * }</pre>
 *
 * Each planned accident happens once: the process that takes the dead one's seat is
 * spared. Accidents are noted in a directory of the test's own, which {@link #close}
 * removes. In a serial pool they would befall the test's JVM: don't.
 */
public final class Chaos implements AutoCloseable {

	/** The exit code of a worker that was killed by this class. */
	public static final int EXIT_CODE = 86;

	private enum Accident {

		KILL, HANG

	}

	private record Plan(Accident accident, int worker, int task) implements Serializable {

		String note() {
			return this.accident + "-" + this.worker + "-" + this.task;
		}

	}

	private final Path notes;

	private final List<Plan> plans = new ArrayList<>();

	private Chaos(Path notes) {
		this.notes = notes;
	}

	/**
	 * Plans nothing yet.
	 * @return a new plan; close it
	 */
	public static Chaos create() {
		try {
			return new Chaos(Files.createTempDirectory("vimap-chaos-"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Ends a worker's process at once when it begins a task, without shutdown hooks or
	 * cleanup, with {@link #EXIT_CODE}.
	 * @param worker the seat of the worker, from 0
	 * @param task which of its tasks, from 1, counted from the start of the process
	 * @return this
	 */
	public Chaos kill(int worker, int task) {
		this.plans.add(new Plan(Accident.KILL, worker, task));
		return this;
	}

	/**
	 * Lets a worker hang when it begins a task, deaf to interrupts.
	 * @param worker the seat of the worker, from 0
	 * @param task which of its tasks, from 1, counted from the start of the process
	 * @return this
	 */
	public Chaos hang(int worker, int task) {
		this.plans.add(new Plan(Accident.HANG, worker, task));
		return this;
	}

	/**
	 * Puts the accidents planned so far in the way of workers.
	 * @param factory makes the workers
	 * @param <I> the type of an input
	 * @param <O> the type of an output
	 * @return a factory of workers that have them
	 */
	public <I extends @Nullable Object, O extends @Nullable Object> WorkerFactory<I, O> in(
			WorkerFactory<I, O> factory) {
		String directory = this.notes.toString();
		ArrayList<Plan> planned = new ArrayList<>(this.plans);
		return (context) -> new DoomedWorker<>(factory.create(context), planned, directory);
	}

	/**
	 * Returns how many accidents have happened.
	 * @return at most as many as were planned
	 */
	public long happened() {
		String[] names = this.notes.toFile().list();
		return (names != null) ? names.length : 0;
	}

	/** Removes the notes. Called when the pool has been closed. */
	@Override
	public void close() {
		try {
			for (Plan plan : this.plans) {
				Files.deleteIfExists(this.notes.resolve(plan.note()));
			}
			Files.deleteIfExists(this.notes);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** In the child. */
	private static final class DoomedWorker<I extends @Nullable Object, O extends @Nullable Object>
			implements ContextualWorker<I, O> {

		private final Worker<I, O> worker;

		private final List<Plan> plans;

		private final String notes;

		private int index = -1;

		private int tasks;

		DoomedWorker(Worker<I, O> worker, List<Plan> plans, String notes) {
			this.worker = worker;
			this.plans = plans;
			this.notes = notes;
		}

		@Override
		public void init(WorkerContext context) throws Exception {
			this.index = context.index();
			this.worker.init(context);
		}

		@Override
		public O process(I input, Map<String, String> taskContext) throws Exception {
			this.tasks++;
			for (Plan plan : this.plans) {
				if (plan.worker() == this.index && plan.task() == this.tasks && isFirst(plan)) {
					befall(plan.accident());
				}
			}
			return (this.worker instanceof ContextualWorker<I, O> contextual) ? contextual.process(input, taskContext)
					: this.worker.process(input);
		}

		private boolean isFirst(Plan plan) throws IOException {
			try {
				Files.createFile(Path.of(this.notes, plan.note()));
				return true;
			}
			catch (FileAlreadyExistsException ex) {
				return false;
			}
		}

		private static void befall(Accident accident) {
			if (accident == Accident.KILL) {
				Runtime.getRuntime().halt(EXIT_CODE);
			}
			while (true) {
				LockSupport.park();
				Thread.interrupted();
			}
		}

		@Override
		public void cleanup() throws Exception {
			this.worker.cleanup();
		}

	}

}
