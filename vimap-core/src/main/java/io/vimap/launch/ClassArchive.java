package io.vimap.launch;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An archive of loaded classes for the children of one launcher, and of those in later
 * runs that are the same program: a CDS archive, or with Java 25 and later an AOT cache,
 * whose classes are already linked. It makes a child with a Spring context start in about
 * half the time.
 * <p>
 * The first child for which there is none writes the list of the classes it loads. Once
 * that list no longer grows, or the child has exited in order, another JVM makes the
 * archive of it, in the background and at the lowest priority. This needs neither the
 * child to exit nor to exit in any particular way, so children that are started later in
 * the same run benefit. ({@code -XX:AOTCacheOutput} would have a child make the cache
 * when it is told to stop, which takes seconds, when the application usually stops, too.
 * What it would add are profiles of methods.) The archive is kept in the cache of this
 * user, see {@link ClassArchiveKey}.
 * <p>
 * Where the pool is closed before the archive is made, the list is kept in that cache,
 * and the next launcher begins with it at once. So children that live a second or two
 * lead to an archive as well.
 * <p>
 * It never is an error that an archive can't be made or used: children then start without
 * one.
 * <p>
 * Safe for use by many threads.
 */
final class ClassArchive {

	/** Archives kept in the cache. */
	static final int KEPT = 20;

	private static final int MAX_WATCH_SECONDS = 30;

	private static final int MIN_WATCH_SECONDS = 3;

	/** The list is taken for complete when it has not grown for so long. */
	private static final int QUIET_SECONDS = 2;

	/** A JVM that crashes so early may have been brought down by its archive. */
	private static final long SUSPICIOUS_NANOS = TimeUnit.SECONDS.toNanos(10);

	private static final Logger logger = LoggerFactory.getLogger(ClassArchive.class);

	/** The archives this process has tried to make. Guarded by itself. */
	private static final Set<Path> attempted = new HashSet<>();

	private final JvmSettings settings;

	private final JvmCommandLine commandLine;

	private final ClassArchiveDump dump;

	/** The class path {@link #key} is for. Guarded by this. */
	private @Nullable ApplicationClassPath classPath;

	/** Identifies the archive, or {@code null} if there can be none. Guarded by this. */
	private @Nullable ClassArchiveKey key;

	/**
	 * What makes archives: one thread, and another where the class path changes
	 * meanwhile. Guarded by this.
	 */
	private final Set<Thread> trainers = new HashSet<>();

	/** Guarded by this. */
	private boolean closed;

	ClassArchive(JvmSettings settings, JvmCommandLine commandLine) {
		this.settings = settings;
		this.commandLine = commandLine;
		this.dump = new ClassArchiveDump(settings.directory(), commandLine);
	}

	/**
	 * Tells a child what to do about the archive.
	 * @param forClassPath the child's class path
	 * @param environment the child's environment
	 * @return options that use the archive or record for it, or none
	 */
	synchronized Plan plan(ApplicationClassPath forClassPath, Map<String, String> environment) {
		if (!this.settings.classArchive() || this.closed) {
			return Plan.NONE;
		}
		try {
			if (!forClassPath.equals(this.classPath)) {
				this.classPath = forClassPath;
				this.key = ClassArchiveKey.of(this.commandLine.java(), forClassPath, this.settings, environment);
			}
			if (this.key == null) {
				return Plan.NONE;
			}
			Path file = this.key.file();
			if (Files.isReadable(file)) {
				touch(file);
				return new Plan(this.key.useOptions(), file, null);
			}
			if (!attempt(file)) {
				return Plan.NONE;
			}
			if (Files.isReadable(this.key.list())) {
				return new Plan(List.of(), null, new Training(forClassPath, this.key, this.key.list()));
			}
			Path list = Files.createTempFile(file.getParent(), "classes", ".tmp");
			return new Plan(List.of("-XX:DumpLoadedClassList=" + list), null,
					new Training(forClassPath, this.key, list));
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("No class archive", ex);
			return Plan.NONE;
		}
	}

	private static void touch(Path file) {
		try {
			Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
		}
		catch (IOException ex) {
			logger.debug("Cannot note that {} is in use", file, ex);
		}
	}

	private static boolean attempt(Path file) {
		synchronized (attempted) {
			return attempted.add(file);
		}
	}

	/**
	 * Takes back what was planned for a child that could not be started: the next one is
	 * to record in its place.
	 * @param plan what that child was to do
	 */
	void undo(Plan plan) {
		Training training = plan.training();
		if (training != null) {
			forgetAttempt(training.key().file());
			deleteRecording(training);
		}
	}

	/** Deletes the list that a child has written, but not one that was kept. */
	private static void deleteRecording(Training training) {
		if (!training.isRecorded()) {
			deleteQuietly(training.list());
		}
	}

	/**
	 * Watches a child that uses an archive. The JVM checks the head of one, not its
	 * content: what is corrupt crashes every child. So an archive goes when a JVM that
	 * uses it crashes soon after its start, and is not made again by this process.
	 * @param archive the archive
	 * @param child the child
	 */
	@SuppressWarnings("FutureReturnValueIgnored") // deleting never fails
	void watch(Path archive, ChildProcess child) {
		long launched = System.nanoTime();
		child.onExit().thenAccept((exit) -> {
			if (Signals.isCrash(exit.signal()) && System.nanoTime() - launched < SUSPICIOUS_NANOS) {
				logger.debug("{} is deleted: a JVM that uses it has crashed", archive);
				attempt(archive);
				deleteQuietly(archive);
			}
		});
	}

	/**
	 * Begins to make an archive: of what a child records, or of what an earlier one has.
	 * Never fails: the child has been started, and needs none of it.
	 * @param training what its plan said
	 * @param child the child
	 */
	@SuppressWarnings("FutureReturnValueIgnored") // deleting never fails
	synchronized void train(Training training, ChildProcess child) {
		if (this.closed) {
			return;
		}
		Thread thread = new Thread(() -> run(training, child), "vimap-class-archive");
		thread.setDaemon(true);
		try {
			thread.start();
			this.trainers.add(thread);
		}
		catch (OutOfMemoryError ex) {
			logger.debug("No thread to make a class archive", ex);
			forgetAttempt(training.key().file());
			// Not before: the child makes the file if it isn't there.
			child.onExit().thenRun(() -> deleteRecording(training));
		}
	}

	private void run(Training training, ChildProcess child) {
		try {
			tryToMake(training, child);
		}
		finally {
			synchronized (this) {
				this.trainers.remove(Thread.currentThread());
			}
		}
	}

	private void tryToMake(Training training, ChildProcess child) {
		try {
			if (training.isRecorded() || awaitQuiet(training.list(), child)) {
				make(training);
			}
			else {
				// Of a child that failed. The next may do better.
				forgetAttempt(training.key().file());
			}
		}
		catch (InterruptedException | ClosedByInterruptException ex) {
			logger.debug("Closed before the class archive was made");
			// The next pool may live long enough.
			forgetAttempt(training.key().file());
			keepList(training, child);
		}
		catch (IOException | ExecutionException | RuntimeException ex) {
			logger.debug("Cannot make a class archive", ex);
			deleteQuietly(training.key().list());
		}
		finally {
			deleteRecording(training);
		}
	}

	private void make(Training training) throws IOException, InterruptedException {
		Path file = training.key().file();
		Path temporary = null;
		try {
			// Another process may have made the same one meanwhile.
			if (!Files.exists(file)) {
				temporary = Files.createTempFile(file.getParent(), "archive", ".tmp");
				this.dump.make(training, temporary);
				Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
				prune(file);
			}
			deleteQuietly(training.key().list());
		}
		finally {
			if (temporary != null) {
				deleteQuietly(temporary);
			}
		}
	}

	private static void forgetAttempt(Path file) {
		synchronized (attempted) {
			attempted.remove(file);
		}
	}

	/**
	 * Keeps the list for the next launcher, if the child has written it to its end.
	 */
	private static void keepList(Training training, ChildProcess child) {
		ExitStatus exit = child.onExit().getNow(null);
		if (exit == null || exit.code() != 0 || training.isRecorded()) {
			return;
		}
		try {
			Files.move(training.list(), training.key().list(), StandardCopyOption.ATOMIC_MOVE);
		}
		catch (IOException ex) {
			logger.debug("Cannot keep the list of classes", ex);
		}
	}

	/**
	 * Waits until the list no longer grows.
	 * @return whether it is worth using: that of a child that failed is not
	 */
	private boolean awaitQuiet(Path list, ChildProcess child)
			throws IOException, InterruptedException, ExecutionException {
		long size = 0;
		int quiet = 0;
		for (int second = 0; second < MAX_WATCH_SECONDS && quiet < QUIET_SECONDS; second++) {
			try {
				return child.onExit().get(1, TimeUnit.SECONDS).code() == 0;
			}
			catch (TimeoutException ex) {
				long grown = Files.size(list);
				quiet = (grown == size && second >= MIN_WATCH_SECONDS) ? quiet + 1 : 0;
				size = grown;
			}
		}
		return size > 0;
	}

	/**
	 * Deletes the archives that were used longest ago, and what aborted attempts left.
	 */
	private static void prune(Path newest) throws IOException {
		List<Path> oldestLast;
		try (var files = Files.list(newest.getParent())) {
			oldestLast = files.sorted(Comparator.comparingLong((Path file) -> file.toFile().lastModified()).reversed())
				.toList();
		}
		Instant yesterday = Instant.now().minusSeconds(TimeUnit.DAYS.toSeconds(1));
		int kept = 0;
		for (Path file : oldestLast) {
			boolean archive = ClassArchiveKey.isArchive(file);
			if (archive ? ++kept > KEPT : Files.getLastModifiedTime(file).toInstant().isBefore(yesterday)) {
				deleteQuietly(file);
			}
		}
	}

	static void deleteQuietly(Path file) {
		try {
			Files.deleteIfExists(file);
		}
		catch (IOException ex) {
			logger.debug("Cannot delete {}", file, ex);
		}
	}

	/**
	 * Gives up making an archive, and waits until nothing of it is left.
	 */
	void close() {
		List<Thread> running;
		synchronized (this) {
			this.closed = true;
			running = List.copyOf(this.trainers);
		}
		running.forEach(Thread::interrupt);
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
		try {
			for (Thread thread : running) {
				TimeUnit.NANOSECONDS.timedJoin(thread, end - System.nanoTime());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * What a child does about the archive.
	 *
	 * @param options the options it gets
	 * @param archive the archive it uses, or {@code null}
	 * @param training what is to be done with the classes it records, or {@code null}
	 */
	record Plan(List<String> options, @Nullable Path archive, @Nullable Training training) {

		static final Plan NONE = new Plan(List.of(), null, null);

	}

	/**
	 * An archive to be made.
	 *
	 * @param classPath where the classes are
	 * @param key which archive it will be
	 * @param list the file to which the child writes the classes it loads, or that an
	 * earlier child has written
	 */
	record Training(ApplicationClassPath classPath, ClassArchiveKey key, Path list) {

		/** Whether an earlier child has written the list. */
		boolean isRecorded() {
			return this.list.equals(this.key.list());
		}

	}

}
