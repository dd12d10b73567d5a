package io.vimap.launch;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.vimap.LinuxProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Starts real processes.
 */
@EnabledOnOs({ OS.LINUX, OS.MAC })
class JvmLauncherIT {

	@TempDir
	Path directory;

	private Fixture fixture;

	@BeforeEach
	void setUp() {
		this.fixture = new Fixture(this.directory);
	}

	@AfterEach
	void tearDown() throws Exception {
		this.fixture.close();
	}

	@Test
	void givesTheLinesOfInputAndThenItsEnd() throws Exception {
		ExitStatus exit = this.fixture.run("out first", "out zweite Zeile: äöü €", "err third");
		assertThat(exit).isEqualTo(new ExitStatus(0, null, false, List.of()));
		assertThat(this.fixture.lines).containsExactlyInAnyOrder("first", "zweite Zeile: äöü €", "!third",
				"end of input");
	}

	@Test
	void givesInputThatIsLargerThanAPipe() throws Exception {
		String[] script = Stream
			.concat(IntStream.range(0, 5_000).mapToObj((i) -> "property no.such.property." + i), Stream.of("exit 7"))
			.toArray(String[]::new);
		assertThat(this.fixture.run(script).code()).isEqualTo(7);
	}

	@Test
	void reportsTheExitCode() throws Exception {
		assertThat(this.fixture.run("exit 3")).isEqualTo(new ExitStatus(3, null, false, List.of()));
		assertThat(this.fixture.run("halt 255").code()).isEqualTo(255);
	}

	@Test
	void namesTheSignalThatEndedIt() throws Exception {
		ChildProcess child = this.fixture.launch("out up", "wait");
		this.fixture.awaitLine("up");
		Fixture.signal("KILL", child.pid());
		assertThat(Fixture.exit(child)).isEqualTo(new ExitStatus(137, "SIGKILL", false, List.of()));
	}

	@Test
	void exitsWhenMemoryIsExhaustedAndSaysSoOnStandardError() throws Exception {
		this.fixture.jvmArgs = List.of("-Xmx20m");
		ChildProcess child = this.fixture.launch("allocate");
		assertThat(Fixture.exit(child).code()).isEqualTo(3);
		assertThat(child.lastOutput()).anyMatch((line) -> line.contains("java.lang.OutOfMemoryError"));
	}

	@Test
	void killsWithAllDescendants() throws Exception {
		ChildProcess child = this.fixture.launch("shell sleep 1000 & echo grandchild $!; wait", "wait");
		long grandchild = this.fixture.awaitNumber("grandchild ");
		child.kill();
		assertThat(Fixture.exit(child).signal()).isEqualTo("SIGKILL");
		Awaitility.await().until(() -> !LinuxProcess.isAlive(grandchild));
	}

	@Test
	void isNotClosedBeforeWhatAChildLeftIsGone() throws Exception {
		JvmLauncher launcher = this.fixture.launcher();
		ChildProcess child = this.fixture.launch(launcher, "shell sleep 1000 >/dev/null 2>&1 & echo grandchild $!");
		long grandchild = this.fixture.awaitNumber("grandchild ");
		assertThat(Fixture.exit(child).code()).isZero();
		launcher.close();
		assertThat(LinuxProcess.isAlive(grandchild)).isFalse();
	}

	@Test
	void killsAStoppedProcess() throws Exception {
		ChildProcess child = this.fixture.launch("out up", "wait");
		this.fixture.awaitLine("up");
		Fixture.signal("STOP", child.pid());
		child.kill();
		assertThat(Fixture.exit(child).signal()).isEqualTo("SIGKILL");
		child.kill();
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void killsOrphansThatAKilledChildLeft() throws Exception {
		// The shell ends at once, so that nothing ties the sleep to the child.
		ChildProcess child = this.fixture.launch("shell sleep 1000 & echo orphan $!", "wait");
		long orphan = this.fixture.awaitNumber("orphan ");
		Fixture.signal("KILL", child.pid());
		Fixture.exit(child);
		assertThat(LinuxProcess.isAlive(orphan)).isFalse();
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void killsOrphansOfAChildThatExits() throws Exception {
		ChildProcess child = this.fixture.launch("shell setsid sleep 1000 & echo orphan $!", "out done", "wait");
		long orphan = this.fixture.awaitNumber("orphan ");
		Fixture.signal("TERM", child.pid());
		assertThat(Fixture.exit(child)).isEqualTo(new ExitStatus(143, "SIGTERM", false, List.of()));
		assertThat(LinuxProcess.isAlive(orphan)).isFalse();
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void leavesOtherChildrenAlone() throws Exception {
		ChildProcess other = this.fixture.launch("out other up", "wait");
		this.fixture.awaitLine("other up");
		this.fixture.run("exit 0");
		assertThat(LinuxProcess.isAlive(other.pid())).isTrue();
	}

	@Test
	void completesWhenAGrandchildWithoutMarkerKeepsThePipesOpen() throws Exception {
		ChildProcess child = this.fixture.launch("shell env -i sleep 1000 & echo orphan $!", "wait");
		long orphan = this.fixture.awaitNumber("orphan ");
		Fixture.signal("KILL", child.pid());
		assertThat(Fixture.exit(child).signal()).isEqualTo("SIGKILL");
		Fixture.signal("KILL", orphan);
	}

	@Test
	void measuresWhileItLives() throws Exception {
		ChildProcess child = this.fixture.launch("out up", "wait");
		this.fixture.awaitLine("up");
		assertThat(child.cpuTime()).isGreaterThan(Duration.ZERO);
		if (OS.LINUX.isCurrentOs()) {
			assertThat(child.residentBytes()).isBetween(10L << 20, 100L << 20);
		}
		child.kill();
		Fixture.exit(child);
		assertThat(child.residentBytes()).isEqualTo(-1);
		assertThat(child.cpuTime()).isNull();
	}

	@Test
	void savesTheFatalErrorLog() throws Exception {
		ChildProcess child = this.fixture.launch("out up", "wait");
		this.fixture.awaitLine("up");
		assertThat(child.errorFile()).isNull();
		Fixture.signal("SEGV", child.pid());
		ExitStatus exit = Fixture.exit(child);
		assertThat(exit.signal()).isEqualTo("SIGABRT");
		assertThat(exit.errorFileHead()).hasSizeBetween(5, 25)
			.anyMatch((line) -> line.contains("SIGSEGV"))
			.contains("Problematic frame:")
			.anyMatch((line) -> line.startsWith("Current thread"));
		assertThat(child.errorFile()).exists();
		assertThat(child.errorFile().startsWith(this.directory)).isFalse();
		Files.delete(child.errorFile());
		assertThat(child.errorFile()).isNull();
	}

	@Test
	void leavesTheFatalErrorLogWhereThePoolWantsIt() throws Exception {
		this.fixture.workingDirectory = this.directory;
		this.fixture.jvmArgs = List.of("-XX:ErrorFile=mine-%p.log");
		ChildProcess child = this.fixture.launch("out up", "wait");
		this.fixture.awaitLine("up");
		Fixture.signal("SEGV", child.pid());
		assertThat(Fixture.exit(child).errorFileHead()).contains("Problematic frame:");
		assertThat(child.errorFile()).isEqualTo(this.directory.resolve("mine-" + child.pid() + ".log")).exists();
	}

	@Test
	void passesOptionsEnvironmentAndWorkingDirectory() throws Exception {
		this.fixture.jvmArgs = List.of("-Dsome.property=a b", "-XX:+UseParallelGC", "-Xms32m");
		this.fixture.environment = Map.of("SOME_VARIABLE", "ä");
		this.fixture.workingDirectory = Files.createDirectory(this.directory.resolve("work dir"));
		this.fixture.run("property some.property", "variable SOME_VARIABLE", "property user.dir");
		assertThat(this.fixture.lines).startsWith("a b", "ä", this.fixture.workingDirectory.toRealPath().toString());
	}

	@Test
	void wakesTheJvmOfAnIdleChildLessOften() throws Exception {
		this.fixture.run("flag AsyncDeflationInterval");
		assertThat(this.fixture.lines).startsWith("1000");
	}

	@Test
	void leavesTheTimersOfTheJvmToThePool() throws Exception {
		this.fixture.jvmArgs = List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:AsyncDeflationInterval=300");
		this.fixture.run("flag AsyncDeflationInterval");
		assertThat(this.fixture.lines).startsWith("300");
	}

	@Test
	void leavesTheTimersOfAnotherJavaAlone() throws Exception {
		// Another as far as can be told.
		this.fixture.javaHome = Files.createSymbolicLink(this.directory.resolve("java"), this.fixture.javaHome);
		this.fixture.run("flag AsyncDeflationInterval");
		assertThat(this.fixture.lines).startsWith("locked");
	}

	@Test
	void leavesTheTimersOfWhatAPrefixRunsAlone() throws Exception {
		this.fixture.commandPrefix = List.of("env");
		this.fixture.run("flag AsyncDeflationInterval");
		assertThat(this.fixture.lines).startsWith("locked");
	}

	@Test
	void wrapsTheCommandInAPrefix() throws Exception {
		// A shell that stays between, as some sandboxes do.
		this.fixture.commandPrefix = List.of("sh", "-c", "PREFIXED=yes \"$@\"; exit $?", "sh");
		ChildProcess child = this.fixture.launch("variable PREFIXED", "out up", "wait");
		this.fixture.awaitLine("up");
		assertThat(this.fixture.lines).startsWith("yes");
		if (OS.LINUX.isCurrentOs()) {
			assertThat(child.residentBytes()).isGreaterThan(20L << 20);
		}
		child.kill();
		Fixture.exit(child);
		Awaitility.await().until(() -> ProcessHandle.current().descendants().findAny().isEmpty());
	}

	@Test
	void runsWithALongClassPathAndPathsWithSpaces() throws Exception {
		Path odd = Files.createDirectories(this.directory.resolve("with space and \\ and \" and ä"));
		String own = System.getProperty("java.class.path").split(File.pathSeparator)[0];
		this.fixture.classPath = Stream
			.concat(IntStream.range(0, 5_000).mapToObj((i) -> odd.resolve("library-" + i + ".jar").toString()),
					Stream.of(own))
			.toList();
		JvmLauncher launcher = this.fixture.launcher();
		ChildProcess child = this.fixture.launch(launcher, "property java.class.path");
		assertThat(Fixture.exit(child).code()).isZero();
		assertThat(String.join("", this.fixture.lines)).contains(odd + "/library-1.jar");
		assertThat(this.directory).isDirectoryContaining("glob:**.args");
		deleteArgumentFile();
		assertThat(Fixture.exit(this.fixture.launch(launcher, "property java.class.path")).code())
			.as("after the system has tidied up its temporary files")
			.isZero();
		launcher.close();
		assertThat(this.directory).isDirectoryNotContaining("glob:**.args");
	}

	private void deleteArgumentFile() throws IOException {
		try (DirectoryStream<Path> files = Files.newDirectoryStream(this.directory, "*.args")) {
			for (Path file : files) {
				Files.delete(file);
			}
		}
	}

	@Test
	void saysWhatIsWrongWithTheCommand() throws IOException {
		this.fixture.javaHome = this.directory.resolve("nowhere");
		assertThatIOException().isThrownBy(() -> this.fixture.launch("exit 0"))
			.withMessageContaining("nowhere")
			.withMessageContaining("java-home");
		this.fixture.javaHome = Path.of(System.getProperty("java.home"));
		this.fixture.commandPrefix = List.of("no-such-command");
		assertThatIOException().isThrownBy(() -> this.fixture.launch("exit 0"))
			.withMessageContaining("no-such-command")
			.withMessageContaining("command-prefix");
		String script = Fixture.scriptWithoutInterpreter(this.directory.resolve("script"));
		this.fixture.commandPrefix = List.of(script);
		assertThatIOException().isThrownBy(() -> this.fixture.launch("exit 0"))
			.withMessageContaining("Cannot start test-0")
			.withMessageContaining(script);
		this.fixture.workingDirectory = this.directory.resolve("gone");
		assertThatIOException().isThrownBy(() -> this.fixture.launch("exit 0"))
			.withMessageContaining("gone")
			.withMessageContaining("working-directory");
	}

	@Test
	void survivesAFloodAndTellsHowMuchWasDropped() throws Exception {
		ChildProcess child = this.fixture.launch("flood-out 1000000", "err last words");
		assertThat(Fixture.exit(child).code()).isZero();
		List<String> notices = this.fixture.lines.stream().filter((line) -> line.contains("were dropped")).toList();
		assertThat(notices).isNotEmpty();
		long dropped = notices.stream()
			.mapToLong((notice) -> Long.parseLong(notice.replaceAll("^!?… ([0-9,]+) lines.*", "$1").replace(",", "")))
			.sum();
		long seen = this.fixture.lines.size() - notices.size();
		// One line was on standard error, one said that the input was at its end.
		assertThat(dropped + seen).isEqualTo(1_000_002);
		assertThat(seen).isLessThan(100_000);
		assertThat(child.lastOutput()).containsExactly("last words");
	}

	@Test
	void keepsTheLastLinesOfStandardErrorEvenIfDropped() throws Exception {
		ChildProcess child = this.fixture.launch("flood-err 200000");
		Fixture.exit(child);
		assertThat(child.lastOutput()).hasSize(50).startsWith("line 199951").endsWith("line 200000");
	}

	@Test
	void cutsLongLines() throws Exception {
		this.fixture.run("long-line 100000", "long-line 8192");
		assertThat(this.fixture.lines).startsWith("x".repeat(8_192), "x".repeat(8_192), "end of input");
	}

	@Test
	void keepsDrainingWhenTheListenerFails() throws Exception {
		this.fixture.listener = (error, line) -> {
			throw new IllegalStateException("on purpose");
		};
		assertThat(this.fixture.run("flood-out 100000", "exit 5").code()).isEqualTo(5);
	}

	@Test
	void keepsTheLastLinesWhenOutputIsInherited() throws Exception {
		this.fixture.inheritOutput = true;
		ChildProcess child = this.fixture.launch("err of the child, seen in the test's output");
		Fixture.exit(child);
		assertThat(child.lastOutput()).containsExactly("of the child, seen in the test's output");
		assertThat(this.fixture.lines).isEmpty();
	}

	@Test
	void launchesFromManyThreads() throws Exception {
		JvmLauncher launcher = this.fixture.launcher();
		List<ChildProcess> children = IntStream.range(0, 8).parallel().mapToObj((i) -> {
			try {
				return this.fixture.launch(launcher, "exit " + i);
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}).toList();
		for (int i = 0; i < children.size(); i++) {
			assertThat(Fixture.exit(children.get(i)).code()).isEqualTo(i);
		}
	}

}
