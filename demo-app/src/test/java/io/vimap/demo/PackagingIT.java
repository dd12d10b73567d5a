package io.vimap.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the demo's job in each way in which an application is packaged: from a directory
 * with a space in its name in which it may not write.
 */
@Timeout(300)
class PackagingIT {

	private static final int FEW = 200;

	private static final Pattern WORKER = Pattern.compile("\\| +pid (\\d+) \\|");

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private Path home;

	private Path temporary;

	private Path cache;

	private Path requests;

	@BeforeEach
	void setUp() throws IOException {
		this.home = Files.createDirectory(this.directory.resolve("my app"));
		this.temporary = Files.createDirectory(this.directory.resolve("tmp"));
		this.cache = this.directory.resolve("my cache");
		try (Stream<String> all = Files.lines(Path.of("src/main/resources/requests.jsonl"))) {
			this.requests = Files.write(this.directory.resolve("head.jsonl"), all.limit(FEW).toList());
		}
	}

	@Test
	void fatJar() throws Exception {
		Files.copy(DemoProcess.jar(), this.home.resolve("demo app.jar"));
		// As most people type it: relative to the working directory.
		runJob("-jar", "demo app.jar");
		assertThat(unpacked()).containsOnlyOnce("classes.jar").anyMatch((file) -> file.startsWith("jackson-databind-"));
	}

	@Test
	void extractedJar() throws Exception {
		Path jar = extract("--destination", this.home.resolve("extracted").toString());
		runJob("-jar", jar.toString());
		assertThat(this.cache.resolve("applications")).doesNotExist();
	}

	@Test
	void extractedWithLauncher() throws Exception {
		Path extracted = this.home.resolve("extracted");
		extract("--launcher", "--destination", extracted.toString());
		runJob("-cp", extracted.toString(), "org.springframework.boot.loader.launch.JarLauncher");
		assertThat(this.cache.resolve("applications")).doesNotExist();
	}

	@Test
	void war() throws Exception {
		Path war = this.home.resolve("demo app.war");
		WarFile.of(DemoProcess.jar(), war, Files.createDirectory(this.directory.resolve("parts")));
		runJob("-jar", war.toString());
		assertThat(unpacked()).anyMatch((file) -> file.startsWith("tomcat-embed-core-"))
			.anyMatch((file) -> file.startsWith("jackson-core-"));
	}

	@Test
	void severalApplicationsThatStartAtOnceShareWhatIsUnpacked() throws Exception {
		Path jar = Files.copy(DemoProcess.jar(), this.home.resolve("demo.jar"));
		List<DemoProcess> demos = new ArrayList<>();
		try {
			for (int i : IntStream.range(0, 3).toArray()) {
				demos.add(start("-jar", jar.toString()));
			}
			for (DemoProcess demo : demos) {
				assertDone(demo);
			}
		}
		finally {
			demos.forEach(DemoProcess::close);
		}
		assertThat(unpacked()).containsOnlyOnce("classes.jar");
	}

	@Test
	void librariesHaveNamesThatModulesCanRequire() throws IOException {
		List<String> names = new ArrayList<>();
		try (JarInputStream application = new JarInputStream(Files.newInputStream(DemoProcess.jar()))) {
			for (JarEntry entry; (entry = application.getNextJarEntry()) != null;) {
				if (entry.getName().matches("BOOT-INF/lib/vimap-.*")) {
					Manifest manifest = new JarInputStream(application).getManifest();
					names.add(manifest.getMainAttributes().getValue("Automatic-Module-Name"));
				}
			}
		}
		assertThat(names).containsExactlyInAnyOrder("io.vimap", "io.vimap.boot");
	}

	private void runJob(String... application) throws Exception {
		List<Path> before = filesIn(this.home);
		boolean readOnly = this.home.toFile().setWritable(false);
		try (DemoProcess demo = start(application)) {
			assertDone(demo);
		}
		finally {
			assertThat(this.home.toFile().setWritable(true) || !readOnly).isTrue();
		}
		assertThat(filesIn(this.home)).isEqualTo(before);
	}

	private DemoProcess start(String... application) throws IOException {
		List<String> command = new ArrayList<>(List.of(DemoProcess.java(), "-Djava.io.tmpdir=" + this.temporary,
				"-Dvimap.cache-directory=" + this.cache));
		command.addAll(List.of(application));
		command.addAll(List.of("--once", "--file=" + this.requests));
		return DemoProcess.run(this.home, this.directory, command);
	}

	private void assertDone(DemoProcess demo) throws Exception {
		assertThat(demo.exitCode()).as(demo::output).isZero();
		assertThat(demo.figure("requests")).isEqualTo(FEW);
		assertThat(demo.figure("answers")).isEqualTo(FEW);
		assertThat(demo.figure("failures")).isZero();
		assertThat(demo.output()).doesNotContain("WARN");
		Set<Long> workers = WORKER.matcher(demo.output())
			.results()
			.map((found) -> Long.valueOf(found.group(1)))
			.collect(Collectors.toSet());
		assertThat(workers).hasSize(2).doesNotContain(demo.pid()).noneMatch(PackagingIT::isRunning);
		assertThat(filesIn(this.temporary)).noneMatch((file) -> file.getFileName().toString().matches("vimap-\\d+"));
	}

	private static boolean isRunning(long pid) {
		// One that has ended and awaits its burial has no command
		return ProcessHandle.of(pid).flatMap((process) -> process.info().command()).isPresent();
	}

	private Path extract(String... options) throws Exception {
		List<String> command = new ArrayList<>(
				List.of(DemoProcess.java(), "-Djarmode=tools", "-jar", DemoProcess.jar().toString(), "extract"));
		command.addAll(List.of(options));
		try (DemoProcess tools = DemoProcess.run(this.directory, this.directory, command)) {
			assertThat(tools.exitCode()).as(tools::output).isZero();
		}
		return this.home.resolve("extracted").resolve(DemoProcess.jar().getFileName());
	}

	/** The names of the files in the one directory of the cache. */
	private List<String> unpacked() throws IOException {
		List<Path> directories = filesIn(this.cache.resolve("applications")).stream()
			.filter(Files::isDirectory)
			.toList();
		assertThat(directories).hasSize(1);
		return filesIn(directories.get(0)).stream().map((file) -> file.getFileName().toString()).toList();
	}

	private static List<Path> filesIn(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.sorted().toList();
		}
	}

}
