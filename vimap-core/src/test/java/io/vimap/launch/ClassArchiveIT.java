package io.vimap.launch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

import io.vimap.LinuxProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Makes class archives with real JVMs.
 */
@EnabledOnOs({ OS.LINUX, OS.MAC })
class ClassArchiveIT {

	private static final String ARCHIVE = "source: shared objects file";

	@TempDir
	Path directory;

	private Path archives;

	private Fixture fixture;

	@BeforeEach
	void setUp() throws IOException {
		Path cache = this.directory.resolve("cache");
		this.archives = cache.resolve("archives");
		System.setProperty(PrivateDirectory.CACHE_PROPERTY, cache.toString());
		this.fixture = new Fixture(this.directory);
		this.fixture.classArchive = true;
		this.fixture.classPath = List.of(jar().toString());
	}

	@AfterEach
	void tearDown() throws Exception {
		this.fixture.close();
		System.clearProperty(PrivateDirectory.CACHE_PROPERTY);
	}

	@Test
	void makesAnArchiveOfTheFirstChildForLaterOnes() throws Exception {
		JvmLauncher launcher = this.fixture.launcher();
		// Killed: an archive needs no orderly exit.
		ChildProcess first = this.fixture.launch(launcher, "out up", "wait");
		this.fixture.awaitLine("up");
		Path archive = awaitArchive();
		first.kill();
		Fixture.exit(first);
		assertThatChildUsesArchive();
		assertThat(this.archives).isDirectoryContaining((file) -> file.equals(archive));
		assertThat(Files.list(this.archives)).hasSize(1);
		launcher.close();
		assertThat(this.directory).isDirectoryNotContaining("glob:**classes*.copy");
	}

	@Test
	void startsWithAnArchiveThatIsBroken() throws Exception {
		this.fixture.run("exit 0");
		Path archive = awaitArchive();
		Files.delete(archive);
		Files.writeString(archive, "nonsense");
		assertThatChildStartsQuietly();
	}

	@Test
	void leavesNothingWhenClosedWhileMakingOne() throws Exception {
		JvmLauncher launcher = this.fixture.launcher();
		Fixture.exit(this.fixture.launch(launcher, "exit 0"));
		launcher.close();
		assertThat(ProcessHandle.current().descendants()).isEmpty();
		assertThat(this.directory).isDirectoryNotContaining("glob:**classes*.copy");
		assertThat(this.archives).isDirectoryNotContaining("glob:**.tmp");
		assertThat(archivesMade()).isEmpty();
	}

	@Test
	void givesUpAllItMakesWhenClosed() throws Exception {
		JvmSettings settings = new JvmSettings(this.directory, this.fixture.javaHome, this.fixture.classPath, List.of(),
				Map.of(), null, List.of(), false, true, "test");
		ClassArchive archive = new ClassArchive(settings, new JvmCommandLine(settings));
		this.fixture.classArchive = false;
		Path another = Files.copy(Path.of(this.fixture.classPath.get(0)), this.directory.resolve("another.jar"));
		for (String jar : List.of(this.fixture.classPath.get(0), another.toString())) {
			ClassArchive.Plan plan = archive.plan(ApplicationClassPath.of(List.of(jar)), Map.of());
			archive.train(Objects.requireNonNull(plan.training()), this.fixture.launch("wait"));
		}
		assertThat(trainers()).hasSize(2);
		archive.close();
		assertThat(trainers()).isEmpty();
		assertThat(this.archives).isEmptyDirectory();
	}

	private static List<Thread> trainers() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("vimap-class-archive"))
			.toList();
	}

	@Test
	void makesOneOfTheClassesOfAChildThatLivedBriefly() throws Exception {
		JvmLauncher launcher = this.fixture.launcher();
		Fixture.exit(this.fixture.launch(launcher, "exit 0"));
		launcher.close();
		assertThat(this.archives).isDirectoryContaining("glob:**.list");
		// The next need not even exit.
		ChildProcess next = this.fixture.launch("out up", "wait");
		this.fixture.awaitLine("up");
		awaitArchive();
		Awaitility.await().untilAsserted(() -> assertThat(Files.list(this.archives)).hasSize(1));
		next.kill();
		Fixture.exit(next);
		assertThatChildUsesArchive();
	}

	@Test
	void makesNoneOfTheClassesOfAChildThatFailed() throws Exception {
		JvmLauncher launcher = this.fixture.launcher();
		Fixture.exit(this.fixture.launch(launcher, "exit 1"));
		launcher.close();
		assertThat(this.archives).isEmptyDirectory();
		// The next does better.
		this.fixture.run("exit 0");
		awaitArchive();
	}

	@Test
	void leavesNothingOfALaunchThatFailedAndMakesOneAtTheNext() throws Exception {
		Path prefix = this.directory.resolve("prefix");
		this.fixture.commandPrefix = List.of(Fixture.scriptWithoutInterpreter(prefix));
		JvmLauncher launcher = this.fixture.launcher();
		assertThatIOException().isThrownBy(() -> this.fixture.launch(launcher, "exit 0"))
			.withMessageContaining("Cannot start");
		assertThat(this.archives).isEmptyDirectory();
		Files.delete(prefix);
		Files.createSymbolicLink(prefix, Path.of("/usr/bin/env"));
		Fixture.exit(this.fixture.launch(launcher, "exit 0"));
		awaitArchive();
	}

	@Test
	void makesOneWhereTwoParentsBeginAtOnce() throws Exception {
		List<Process> parents = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			parents.add(parent(i, "-f unlimited"));
		}
		for (Process parent : parents) {
			assertThatBothChildrenStart(parent);
		}
		assertThat(archivesMade()).hasSize(1);
		assertThat(this.archives).isDirectoryNotContaining("glob:**.tmp");
	}

	@Test
	void whatMakesOneGoesWithAParentThatIsKilled() throws Exception {
		Process parent = parent(0, "-f unlimited");
		Awaitility.await()
			.pollInterval(Duration.ofMillis(5))
			.until(() -> parent.descendants().anyMatch(ClassArchiveIT::makesArchive));
		List<ProcessHandle> all = parent.descendants().toList();
		parent.destroyForcibly().waitFor();
		Awaitility.await()
			.pollInterval(Duration.ofMillis(10))
			.atMost(Duration.ofSeconds(1))
			.until(() -> all.stream().map(ProcessHandle::pid).noneMatch(LinuxProcess::isAlive));
	}

	private static boolean makesArchive(ProcessHandle process) {
		return process.info()
			.arguments()
			.map((arguments) -> List.of(arguments).contains("-Xshare:dump") && !arguments[0].equals("-c"))
			.orElse(false);
	}

	@Test
	void startsWhereThereIsNoRoomForAnArchive() throws Exception {
		// In KiB.
		assertThatBothChildrenStart(parent(0, "-f 2048"));
		assertThat(this.archives).isEmptyDirectory();
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void startsWhereThereIsNoThreadToMakeAnArchive() throws Exception {
		assertThatBothChildrenStart(parent(0, "-v 25000000", "-Xss1g", "-Xlog:disable", "-Dthreads=no"));
		assertThat(this.archives).isEmptyDirectory();
	}

	/** Starts a parent with a limit. */
	private Process parent(int number, String limit, String... options) throws IOException {
		Path pool = Files.createDirectories(this.directory.resolve("parent" + number));
		List<String> command = new ArrayList<>(List.of("bash", "-c", "ulimit " + limit + "; exec \"$@\"", "bash",
				Path.of(System.getProperty("java.home"), "bin", "java").toString()));
		command.addAll(List.of(options));
		command.addAll(List.of("-D" + PrivateDirectory.CACHE_PROPERTY + "=" + this.archives.getParent(), "-cp",
				System.getProperty("java.class.path"), ArchivingParent.class.getName(), pool.toString(),
				this.fixture.classPath.get(0)));
		return new ProcessBuilder(command).redirectErrorStream(true).start();
	}

	private static void assertThatBothChildrenStart(Process parent) throws Exception {
		String printed = new String(parent.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(parent.waitFor()).as(printed).isZero();
		// Besides what it logs itself, causes included.
		assertThat(printed.lines().filter((line) -> line.startsWith("up") || line.contains("warning")))
			.containsExactly("up 0", "up 1");
	}

	@Test
	void startsWithACacheThatCannotBeWritten() throws Exception {
		// Root may write anywhere, so the directory is made a file.
		Files.createDirectories(this.archives.getParent());
		Files.writeString(this.archives, "");
		assertThatChildStartsQuietly();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 100, 4_096, 1_000_000 })
	void startsWithAnArchiveThatIsCutOff(int size) throws Exception {
		this.fixture.run("exit 0");
		Path archive = awaitArchive();
		byte[] content = Files.readAllBytes(archive);
		Files.delete(archive);
		Files.write(archive, Arrays.copyOf(content, size));
		assertThatChildStartsQuietly();
	}

	@Test
	void doesWithoutAnArchiveThatCrashesTheJvm() throws Exception {
		this.fixture.run("exit 0");
		Path archive = awaitArchive();
		byte[] content = Files.readAllBytes(archive);
		Arrays.fill(content, 64 * 1024, content.length - 64 * 1024, (byte) 0x5A);
		Files.delete(archive);
		Files.write(archive, content);
		// Crashes, unless this JVM notices.
		ExitStatus first = this.fixture.run("exit 0");
		Awaitility.await().until(() -> first.code() == 0 || !Files.exists(archive));
		assertThatChildStartsQuietly();
	}

	private void assertThatChildStartsQuietly() throws Exception {
		this.fixture.lines.clear();
		ChildProcess child = this.fixture.launch("out fine");
		assertThat(Fixture.exit(child).code()).isZero();
		assertThat(this.fixture.lines).containsExactly("fine", "end of input");
		assertThat(child.lastOutput()).isEmpty();
	}

	private void assertThatChildUsesArchive() throws Exception {
		assertThat(runAndFindSource()).contains(ARCHIVE);
	}

	/** Runs a child and returns what its JVM logged of the origin of its main class. */
	private String runAndFindSource() throws Exception {
		Path log = this.directory.resolve("classes.log");
		List<String> before = this.fixture.jvmArgs;
		this.fixture.jvmArgs = Stream.concat(before.stream(), Stream.of("-Xlog:class+load:file=" + log)).toList();
		assertThat(this.fixture.run("exit 0").code()).isZero();
		this.fixture.jvmArgs = before;
		return Files.readAllLines(log)
			.stream()
			.filter((line) -> line.contains(" " + ScriptedMain.class.getName() + " "))
			.findFirst()
			.orElseThrow();
	}

	@Test
	void makesAnotherWhenTheClassPathOrTheProgramIsAnother() throws Exception {
		this.fixture.run("exit 0");
		Path first = awaitArchive();
		Path jar = Path.of(this.fixture.classPath.get(0));
		assertThat(jar.toFile().setLastModified(1_000_000_000_000L)).isTrue();
		assertThat(runAndFindSource()).doesNotContain(ARCHIVE);
		awaitArchives(2);
		this.fixture.program = "other";
		this.fixture.run("exit 0");
		assertThat(awaitArchives(3)).contains(first);
	}

	@Test
	void makesAnotherWhenTheJdkIsUpdated() throws Exception {
		// One whose files keep their names, sizes and times.
		Path jdk = Files.createDirectory(this.directory.resolve("jdk"));
		for (String part : List.of("bin", "conf", "lib")) {
			Files.createSymbolicLink(jdk.resolve(part), this.fixture.javaHome.resolve(part));
		}
		List<String> release = Files.readAllLines(this.fixture.javaHome.resolve("release"));
		Files.write(jdk.resolve("release"), release);
		this.fixture.javaHome = jdk;
		this.fixture.run("exit 0");
		Path first = awaitArchive();
		assertThatChildUsesArchive();
		Files.write(jdk.resolve("release"), Stream.concat(release.stream(), Stream.of("UPDATE=\"1\"")).toList());
		assertThat(runAndFindSource()).doesNotContain(ARCHIVE);
		assertThat(awaitArchives(2)).contains(first);
		assertThatChildUsesArchive();
		assertThat(this.fixture.lines).isEmpty();
	}

	@Test
	void makesAndUsesOneWhereModulesAreOpened() throws Exception {
		this.fixture.jvmArgs = List.of("--add-opens=java.base/java.lang=ALL-UNNAMED");
		this.fixture.run("exit 0");
		awaitArchive();
		assertThatChildUsesArchive();
	}

	@Test
	void doesWithoutWhereClassesAreInDirectories() throws Exception {
		this.fixture.classPath = List.of(testClasses().toString());
		this.fixture.run("exit 0");
		assertThat(this.archives).doesNotExist();
	}

	private Path awaitArchive() {
		return awaitArchives(1).get(0);
	}

	private List<Path> awaitArchives(int count) {
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> archivesMade().size() == count);
		return archivesMade();
	}

	private List<Path> archivesMade() {
		try (var files = Files.list(this.archives)) {
			return files.filter(ClassArchiveKey::isArchive).toList();
		}
		catch (IOException ex) {
			return new ArrayList<>();
		}
	}

	private Path jar() throws IOException {
		Path file = this.directory.resolve("classes.jar");
		String name = ScriptedMain.class.getName().replace('.', '/') + ".class";
		try (OutputStream out = Files.newOutputStream(file); JarOutputStream jar = new JarOutputStream(out)) {
			jar.putNextEntry(new ZipEntry(name));
			Files.copy(testClasses().resolve(name), jar);
		}
		return file;
	}

	private static Path testClasses() {
		return Path.of(ScriptedMain.class.getProtectionDomain().getCodeSource().getLocation().getPath());
	}

}
