package io.vimap.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A parent that lives until its child's archive has been made, or can't be, and then
 * starts one more. Prints what the children print.
 */
final class ArchivingParent {

	private ArchivingParent() {
	}

	public static void main(String[] args) throws Exception {
		if (System.getProperty("threads") != null) {
			takeAllThreads();
		}
		Path directory = Path.of(args[0]);
		JvmSettings settings = new JvmSettings(directory, null, List.of(args[1]), List.of(), Map.of(), null, List.of(),
				false, true, "test");
		try (JvmLauncher launcher = new JvmLauncher(settings)) {
			run(launcher, directory, 0);
			Path archives = PrivateDirectory.cache().resolve("archives");
			long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
			while (isUnderWay(archives) && System.nanoTime() < end) {
				Thread.sleep(100);
			}
			run(launcher, directory, 1);
		}
	}

	/** All whose stacks are as large as usual: there is room for small ones. */
	private static void takeAllThreads() {
		try {
			while (true) {
				Thread thread = new Thread(LockSupport::park);
				thread.setDaemon(true);
				thread.start();
			}
		}
		catch (OutOfMemoryError ex) {
			System.out.println("no more threads");
		}
	}

	private static boolean isUnderWay(Path archives) throws Exception {
		try (var files = Files.list(archives)) {
			return files.anyMatch((file) -> file.toString().endsWith(".tmp"));
		}
	}

	private static void run(JvmLauncher launcher, Path directory, int number) throws Exception {
		Path own = Files.createDirectories(directory.resolve(String.valueOf(number)));
		ChildProcess child = launcher.launch(new LaunchRequest("child-" + number, ScriptedMain.class.getName(), own,
				List.of("out up " + number, "exit 0"), (error, line) -> System.out.println(line)));
		child.onExit().get();
	}

}
