package io.vimap.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
 * spared. Accidents can be planned at any time, also while the pool runs; they are noted
 * in a directory of the test's own, which {@link #close} removes. In a serial pool there
 * is no process to lose: there the task fails instead, with an exception that says so.
 */
public final class Chaos implements AutoCloseable {

	/** The exit code of a worker that was killed by this class. */
	public static final int EXIT_CODE = 86;

	private static final String HAPPENED = ".happened";

	/** Tells this process from others. */
	private static final String PROCESS = UUID.randomUUID().toString();

	private enum Accident {

		KILL, HANG

	}

	/**
	 * A planned accident, which is the name of a file.
	 *
	 * @param number tells it from others like it
	 */
	private record Plan(Accident accident, int worker, int task, int number) {

		static Plan parse(String name) {
			String[] parts = name.split("-", -1);
			return new Plan(Accident.valueOf(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]),
					Integer.parseInt(parts[3]));
		}

		@Override
		public String toString() {
			return this.accident + "-" + this.worker + "-" + this.task + "-" + this.number;
		}

	}

	private final Path notes;

	/** Guarded by this. */
	private int planned;

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
	 * @param task which of its tasks, from 1, counted from now or from the start of its
	 * process, whichever is later
	 * @return this
	 */
	public Chaos kill(int worker, int task) {
		return plan(Accident.KILL, worker, task);
	}

	/**
	 * Lets a worker hang when it begins a task, deaf to interrupts.
	 * @param worker the seat of the worker, from 0
	 * @param task which of its tasks, from 1, counted from now or from the start of its
	 * process, whichever is later
	 * @return this
	 */
	public Chaos hang(int worker, int task) {
		return plan(Accident.HANG, worker, task);
	}

	private synchronized Chaos plan(Accident accident, int worker, int task) {
		if (worker < 0 || task < 1) {
			throw new IllegalArgumentException("worker " + worker + ", task " + task
					+ ". Allowed: a worker of at least 0 and a task of at least 1.");
		}
		try {
			Files.createFile(this.notes.resolve(new Plan(accident, worker, task, this.planned++).toString()));
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Puts the accidents in the way of workers, those included that are planned later.
	 * @param factory makes the workers
	 * @param <I> the type of an input
	 * @param <O> the type of an output
	 * @return a factory of workers that have them
	 */
	public <I extends @Nullable Object, O extends @Nullable Object> WorkerFactory<I, O> in(
			WorkerFactory<I, O> factory) {
		String directory = this.notes.toString();
		String parent = PROCESS;
		return (context) -> new DoomedWorker<>(factory.create(context), directory, parent);
	}

	/**
	 * Returns how many accidents have happened.
	 * @return at most as many as were planned
	 */
	public long happened() {
		return Arrays.stream(names(this.notes)).filter((name) -> name.endsWith(HAPPENED)).count();
	}

	/** Forgets the accidents that have not happened, and those that have. */
	public void reset() {
		for (String name : names(this.notes)) {
			delete(this.notes.resolve(name));
		}
	}

	/** Removes the notes. Called when the pool has been closed. */
	@Override
	public void close() {
		reset();
		delete(this.notes);
	}

	private static void delete(Path path) {
		try {
			Files.deleteIfExists(path);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String[] names(Path notes) {
		String[] names = notes.toFile().list();
		return (names != null) ? names : new String[0];
	}

	/** In the child. */
	private static final class DoomedWorker<I extends @Nullable Object, O extends @Nullable Object>
			implements ContextualWorker<I, O> {

		private final Worker<I, O> worker;

		private final Path notes;

		private final String parent;

		/** How many tasks have begun since a plan was first seen. */
		private final Map<Plan, Integer> begun = new HashMap<>();

		private @Nullable WorkerContext context;

		DoomedWorker(Worker<I, O> worker, String notes, String parent) {
			this.worker = worker;
			this.notes = Path.of(notes);
			this.parent = parent;
		}

		@Override
		public void init(WorkerContext context) throws Exception {
			this.context = context;
			this.worker.init(context);
		}

		@Override
		public O process(I input, Map<String, String> taskContext) throws Exception {
			for (Plan plan : plans()) {
				if (this.begun.merge(plan, 1, Integer::sum) == plan.task() && isFirst(plan)) {
					befall(plan.accident());
				}
			}
			return (this.worker instanceof ContextualWorker<I, O> contextual) ? contextual.process(input, taskContext)
					: this.worker.process(input);
		}

		private List<Plan> plans() {
			int seat = (this.context != null) ? this.context.index() : -1;
			List<Plan> plans = new ArrayList<>();
			for (String name : names(this.notes)) {
				if (!name.endsWith(HAPPENED) && Plan.parse(name).worker() == seat) {
					plans.add(Plan.parse(name));
				}
			}
			return plans;
		}

		private boolean isFirst(Plan plan) throws IOException {
			try {
				Files.move(this.notes.resolve(plan.toString()), this.notes.resolve(plan + HAPPENED));
				return true;
			}
			catch (NoSuchFileException ex) {
				return false;
			}
		}

		private void befall(Accident accident) {
			if (this.parent.equals(PROCESS)) {
				throw new IllegalStateException("Chaos is planned for a pool that is serial: its worker runs in this "
						+ "process, which would be lost. Let the pool be forked.");
			}
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
