package io.vimap.launch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JVM that makes an archive of a list of classes, at the lowest priority. Safe for
 * use by many threads.
 */
final class ClassArchiveDump {

	private static final int MAX_DUMP_SECONDS = 120;

	private static final long KILL_MILLIS = 500;

	private static final Path NICE = Path.of("/usr/bin/nice");

	private static final Path SHELL = Path.of("/bin/sh");

	/**
	 * Runs a command, and kills it when standard input ends, that is when this process is
	 * gone, however it went: a JVM that makes an archive runs no Java that could look.
	 */
	private static final String UNTIL_END_OF_INPUT = """
			exec 3<&0
			"$@" </dev/null &
			dump=$!
			(read -r line <&3; kill -9 $dump) &
			watch=$!
			wait $dump
			code=$?
			kill $watch
			exit $code
			""";

	private static final Logger logger = LoggerFactory.getLogger(ClassArchiveDump.class);

	private final Path directory;

	private final JvmCommandLine commandLine;

	/**
	 * Creates it.
	 * @param directory the pool's directory
	 * @param commandLine how the pool's children are started
	 */
	ClassArchiveDump(Path directory, JvmCommandLine commandLine) {
		this.directory = directory;
		this.commandLine = commandLine;
	}

	/**
	 * Makes an archive. Nothing of it runs any more when this returns.
	 * @param training what is to be in it
	 * @param output the file to write to
	 * @throws IOException if it can't be made
	 * @throws InterruptedException if this thread is interrupted
	 */
	void make(ClassArchive.Training training, Path output) throws IOException, InterruptedException {
		// A copy: the child still writes to the list.
		Path list = Files.createTempFile(this.directory, "classes", ".copy").toAbsolutePath();
		try {
			String lines = Files.readString(training.list());
			Files.writeString(list, lines.substring(0, lines.lastIndexOf('\n') + 1));
			ProcessBuilder builder = new ProcessBuilder(command(training, list, output));
			builder.environment().keySet().removeAll(ChosenOptions.VARIABLES);
			builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
			long start = System.nanoTime();
			int code = await(builder.start());
			long size = Files.size(output);
			if (code != 0 || size == 0) {
				throw new IOException("The JVM that makes it ended with exit code " + code + ", " + size + " bytes");
			}
			sync(output);
			logger.debug("Class archive {} of {} bytes made in {} ms", training.key().file(), size,
					(System.nanoTime() - start) / 1_000_000);
		}
		finally {
			ClassArchive.deleteQuietly(list);
		}
	}

	/** A loss of power must not leave a file of zeros under a name that is trusted. */
	private static void sync(Path file) throws IOException {
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
			channel.force(true);
		}
	}

	private static int await(Process process) throws IOException, InterruptedException {
		try {
			process.waitFor(MAX_DUMP_SECONDS, TimeUnit.SECONDS);
		}
		finally {
			// Has no effect on a process that has ended. One that has not is waited for:
			// when this launcher is closed, nothing of it is to be left.
			Survivors.descendants(process.toHandle()).forEach(ProcessHandle::destroyForcibly);
			process.getOutputStream().close();
			process.destroyForcibly().waitFor(KILL_MILLIS, TimeUnit.MILLISECONDS);
		}
		return process.waitFor();
	}

	private List<String> command(ClassArchive.Training training, Path list, Path output) throws IOException {
		List<String> command = new ArrayList<>();
		if (Files.isExecutable(SHELL)) {
			command.addAll(List.of(SHELL.toString(), "-c", UNTIL_END_OF_INPUT, "sh"));
		}
		if (Files.isExecutable(NICE)) {
			command.addAll(List.of(NICE.toString(), "-n", "19"));
		}
		command.add(this.commandLine.java().toString());
		command.addAll(training.key().dumpOptions());
		command.addAll(List.of("-Xshare:dump", "-Xlog:disable", "-XX:SharedClassListFile=" + list,
				"-XX:SharedArchiveFile=" + output));
		command.addAll(this.commandLine.classPath(training.classPath()));
		return command;
	}

}
