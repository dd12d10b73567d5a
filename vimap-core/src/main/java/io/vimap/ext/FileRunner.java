package io.vimap.ext;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.vimap.Vimap;
import io.vimap.pool.Imap;
import io.vimap.pool.InOut;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.Progress;
import io.vimap.pool.TaskResult;
import io.vimap.worker.SerializableFunction;
import io.vimap.worker.WorkerSpec;
import org.jspecify.annotations.Nullable;

/**
 * Maps a function over the files of a directory, each file one input. The directory is
 * walked as the results are taken, so that the first of a million files is under way at
 * once and never more than a few paths are in memory. Immutable.
 *
 * <pre>{@code
 * try (Stream<InOut<Path, Integer>> counts = FileRunner.in(directory).glob("**.txt").map(Words::count, 4)) {
 * 	counts.forEach((file) -> System.out.println(file.input() + " " + file.output()));
 * }
 * }</pre>
 */
public final class FileRunner {

	private static final String ANYWHERE = "**/";

	private final Path directory;

	private final String glob;

	private final Duration progressEvery;

	private final @Nullable Consumer<Progress> progress;

	private FileRunner(Path directory, String glob, Duration progressEvery, @Nullable Consumer<Progress> progress) {
		this.directory = directory;
		this.glob = glob;
		this.progressEvery = progressEvery;
		this.progress = progress;
	}

	/**
	 * Takes all files directly in a directory.
	 * @param directory the directory, or a link to it; files are named by absolute paths,
	 * whatever the working directory of a child is
	 * @return a new runner
	 */
	public static FileRunner in(Path directory) {
		return new FileRunner(directory.toAbsolutePath(), "*", Duration.ZERO, null);
	}

	/**
	 * Takes the files whose path, as seen from the directory, matches a glob pattern of
	 * {@link java.nio.file.FileSystem#getPathMatcher}. Only what has {@code **} in it
	 * looks into all directories below; a leading <code>**&#47;</code> matches no
	 * directory too.
	 * @param pattern such as {@code *.txt}, {@code **.txt}
	 * @return a new runner
	 */
	public FileRunner glob(String pattern) {
		return new FileRunner(this.directory, pattern, this.progressEvery, this.progress);
	}

	/**
	 * Reports progress, as {@link Imap#onProgress} does.
	 * @param every the shortest time between two reports
	 * @param listener receives the reports
	 * @return a new runner
	 * @throws IllegalArgumentException if {@code every} is negative
	 */
	public FileRunner onProgress(Duration every, Consumer<Progress> listener) {
		if (every.isNegative()) {
			throw new IllegalArgumentException(
					"FileRunner: onProgress(" + every + ", …). Allowed: a duration of zero or more.");
		}
		return new FileRunner(this.directory, this.glob, every, listener);
	}

	/**
	 * Finds the files. Links to directories below are not followed.
	 * @return a lazy stream of regular files, or links to such, in no particular order;
	 * close it. A directory that can't be read throws {@link UncheckedIOException} out of
	 * it
	 * @throws UncheckedIOException if there is no such directory
	 */
	@SuppressWarnings("StreamResourceLeak") // the caller closes it
	public Stream<Path> files() {
		PathMatcher matcher = matcher(this.glob);
		PathMatcher here = this.glob.startsWith(ANYWHERE) ? matcher(this.glob.substring(ANYWHERE.length())) : matcher;
		int depth = this.glob.contains("**") ? Integer.MAX_VALUE
				: 1 + (int) this.glob.chars().filter((character) -> character == '/').count();
		try {
			// The directory may be a link to one, which would be listed as a file itself.
			Path real = this.directory.toRealPath();
			if (!Files.isDirectory(real)) {
				throw new NotDirectoryException(this.directory.toString());
			}
			return Files.walk(real, depth)
				.map(real::relativize)
				.filter((relative) -> matcher.matches(relative) || here.matches(relative))
				.map(this.directory::resolve)
				.filter(Files::isRegularFile);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The files of " + this.directory + " can't be listed: " + ex, ex);
		}
	}

	private PathMatcher matcher(String pattern) {
		return this.directory.getFileSystem().getPathMatcher("glob:" + pattern);
	}

	/**
	 * Applies a function to each file, in a pool of its own.
	 * @param function applied in the children
	 * @param processes how many, at least 1
	 * @param <O> the type of an output
	 * @return a lazy stream, in the order in which results are ready; reading it to the
	 * end or closing it closes the pool. A failed file throws out of it
	 * @throws UncheckedIOException if there is no such directory
	 */
	public <O extends @Nullable Object> Stream<InOut<Path, O>> map(SerializableFunction<Path, O> function,
			int processes) {
		return map(function, processes, PoolOptions.defaults());
	}

	/**
	 * Applies a function to each file, in a pool of its own.
	 * @param function applied in the children
	 * @param processes how many, at least 1
	 * @param options how the pool behaves
	 * @param <O> the type of an output
	 * @return a lazy stream, in the order in which results are ready; reading it to the
	 * end or closing it closes the pool. A failed file throws out of it
	 * @throws UncheckedIOException if there is no such directory
	 */
	public <O extends @Nullable Object> Stream<InOut<Path, O>> map(SerializableFunction<Path, O> function,
			int processes, PoolOptions options) {
		SerializableFunction<String, O> byName = (name) -> function.apply(Path.of(name));
		// First of all: no process is forked for a directory that can't be listed.
		Stream<Path> files = files();
		try {
			ProcessPool<String, O> pool = Vimap.forkIdentical(WorkerSpec.function(byName), processes, options);
			return imap(pool, files).closeWhenDone(true).zipInOut().map(FileRunner::withPath);
		}
		catch (RuntimeException | Error ex) {
			files.close();
			throw ex;
		}
	}

	/**
	 * Sends each file to a pool, which stays open.
	 * @param pool a pool whose inputs are paths as text
	 * @param <O> the type of an output
	 * @return a lazy stream, in the order in which results are ready; close it. A failed
	 * file throws out of it
	 */
	public <O extends @Nullable Object> Stream<InOut<Path, O>> map(ProcessPool<String, O> pool) {
		return imap(pool, files()).closeWhenDone(false).zipInOut().map(FileRunner::withPath);
	}

	/**
	 * Sends each file to a pool, which stays open.
	 * @param pool a pool whose inputs are paths as text
	 * @param <O> the type of an output
	 * @return a lazy stream, in the order in which results are ready; close it. A failed
	 * file is a value in it
	 */
	public <O extends @Nullable Object> Stream<TaskResult<String, O>> mapTyp(ProcessPool<String, O> pool) {
		return imap(pool, files()).closeWhenDone(false).zipInOutTyp();
	}

	private <O extends @Nullable Object> Imap<String, O> imap(ProcessPool<String, O> pool, Stream<Path> files) {
		Imap<String, O> imap = pool.imap(files.map(Path::toString));
		return (this.progress != null) ? imap.onProgress(this.progressEvery, this.progress) : imap;
	}

	private static <O extends @Nullable Object> InOut<Path, O> withPath(InOut<String, O> result) {
		return new InOut<>(Path.of(result.input()), result.output());
	}

}
