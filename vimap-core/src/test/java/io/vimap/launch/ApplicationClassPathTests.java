package io.vimap.launch;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

class ApplicationClassPathTests {

	@TempDir
	Path directory;

	private Path cache;

	private Path archive;

	@BeforeEach
	void setUp() throws IOException {
		this.cache = this.directory.resolve("cache");
		System.setProperty(PrivateDirectory.CACHE_PROPERTY, this.cache.toString());
		this.archive = ExecutableArchive.write(this.directory.resolve("my app+1.war"), "first");
	}

	@AfterEach
	void tearDown() {
		System.clearProperty(PrivateDirectory.CACHE_PROPERTY);
	}

	@Test
	void usesTheSystemClassPath() throws IOException {
		ApplicationClassPath classPath = ApplicationClassPath
			.ofThisApplication(List.of(JvmLauncher.class.getClassLoader()));
		assertThat(classPath.launcher()).isNull();
		assertThat(classPath.entries()).isNotEmpty().allMatch((entry) -> Path.of(entry).isAbsolute());
	}

	@Test
	void makesEntriesAbsolute() {
		String here = Path.of("").toAbsolutePath().toString();
		assertThat(ApplicationClassPath.of(List.of("lib/a.jar", "", "../b.jar")).entries()).containsExactly(
				here + File.separator + "lib" + File.separator + "a.jar", here,
				Path.of(here).resolveSibling("b.jar").toString());
	}

	@Test
	void putsModulesOnTheClassPath() throws IOException {
		Path exploded = Files.createDirectories(this.directory.resolve("exploded"));
		Files.createFile(exploded.resolve("module-info.class"));
		Path several = Files.createDirectories(this.directory.resolve("several"));
		Files.createFile(several.resolve("b.jar"));
		Files.createFile(several.resolve("a.jar"));
		String modulePath = String.join(File.pathSeparator, "one.jar", exploded.toString(), several.toString());
		assertThat(ApplicationClassPath.withModules(List.of(""), modulePath)).containsExactly("one.jar",
				exploded.toString(), several.resolve("a.jar").toString(), several.resolve("b.jar").toString());
	}

	@Test
	void unpacksAnArchiveInTheOrderOfItsLoader() throws Exception {
		ApplicationClassPath classPath = ApplicationClassPath.ofNested(urls());
		assertThat(classPath.launcher()).isNull();
		List<String> names = classPath.entries()
			.stream()
			.map((entry) -> Path.of(entry).getFileName().toString())
			.limit(4)
			.toList();
		assertThat(names).containsExactly("ext", "classes.jar", "a.jar", "2-a.jar");
		assertThat(classPath.entries()).doesNotContain(this.archive.toString());
		try (URLClassLoader loader = loader(classPath)) {
			assertThat(read(loader, "own.txt")).isEqualTo("first");
			assertThat(read(loader, "a.txt")).isEqualTo("nested");
			assertThat(read(loader, "b.txt")).isEqualTo("nested");
			assertThat(read(loader, "META-INF/both.txt")).isEqualTo("inner");
			assertThat(read(loader, "META-INF/build-info.properties")).isEqualTo("build");
			assertThat(loader.getResource("META-INF/X.SF")).isNull();
			assertThat(read(loader, "META-INF/MANIFEST.MF")).contains("Implementation-Version: 1.2")
				.doesNotContain("Main-Class")
				.doesNotContain("Spring-Boot");
		}
	}

	@Test
	void unpacksOnceAndAgainWhenSomethingIsMissingOrHasChanged() throws Exception {
		ApplicationClassPath classPath = ApplicationClassPath.ofNested(urls());
		Path unpacked = Path.of(classPath.entries().get(1));
		Object first = Files.readAttributes(unpacked, "unix:ino").get("ino");
		assertThat(ApplicationClassPath.ofNested(urls())).isEqualTo(classPath);
		assertThat(Files.readAttributes(unpacked, "unix:ino").get("ino")).isEqualTo(first);
		assertThat(classPath.isIntact()).isTrue();

		Files.delete(unpacked);
		assertThat(classPath.isIntact()).isFalse();
		assertThat(ApplicationClassPath.ofNested(urls())).isEqualTo(classPath);
		assertThat(classPath.isIntact()).isTrue();

		Files.writeString(Path.of(classPath.entries().get(2)), "");
		assertThat(classPath.isIntact()).isFalse();
		ApplicationClassPath.ofNested(urls());
		assertThat(classPath.isIntact()).isTrue();

		ExecutableArchive.write(this.archive, "other");
		ApplicationClassPath changed = ApplicationClassPath.ofNested(urls());
		assertThat(changed).isNotEqualTo(classPath);
		try (URLClassLoader loader = loader(changed)) {
			assertThat(read(loader, "own.txt")).isEqualTo("other");
		}
		assertThat(this.cache.resolve("applications")).isDirectoryNotContaining("glob:**unpacking*");
	}

	@Test
	void keepsAFewUnpackedArchivesThatAreNotInUse() throws IOException {
		Path applications = Files.createDirectories(this.cache.resolve("applications"));
		for (int i = 1; i <= 9; i++) {
			Files.createFile(Files.createDirectory(applications.resolve("old-" + i)).resolve("a.jar"));
			Path marker = Files.createFile(applications.resolve("old-" + i + ".used"));
			assertThat(marker.toFile().setLastModified(i * 1_000_000L)).isTrue();
		}
		ApplicationClassPath.ofNested(urls());
		assertThat(applications).isDirectoryContaining("glob:**/old-5").isDirectoryNotContaining("glob:**/old-4*");
	}

	@Test
	void fallsBackToThePropertiesLauncher() throws IOException {
		Files.createFile(this.cache);
		ApplicationClassPath classPath = ApplicationClassPath.ofNested(urls());
		assertThat(classPath.launcher()).isEqualTo("org.springframework.boot.loader.launch.PropertiesLauncher");
		assertThat(classPath.entries()).containsExactly(this.archive.toString());
		assertThat(classPath.properties()).containsExactly("loader.home=" + this.directory,
				"loader.path=" + this.directory.resolve("ext") + ",WEB-INF/classes,WEB-INF/lib,WEB-INF/lib-provided");
	}

	@Test
	void usesTheDirectoriesOfAnArchiveExtractedWithItsLauncher() throws IOException {
		Path classes = this.directory.resolve("BOOT-INF/classes");
		Path library = this.directory.resolve("BOOT-INF/lib/a b.jar");
		ApplicationClassPath classPath = ApplicationClassPath
			.ofNested(List.of(classes.toUri().toURL(), ExecutableArchive.url("jar:" + library.toUri() + "!/")));
		assertThat(classPath.entries()).startsWith(classes.toString(), library.toString());
	}

	@Test
	void collectsTheUrlsOfOtherLoaders() throws Exception {
		// A loader of its own for this library, as a servlet container has.
		URL own = JvmLauncher.class.getProtectionDomain().getCodeSource().getLocation();
		Path other = this.directory.resolve("other.jar");
		try (URLClassLoader container = new URLClassLoader(new URL[] { own }, ClassLoader.getPlatformClassLoader());
				URLClassLoader application = new URLClassLoader(new URL[] { other.toUri().toURL() }, container)) {
			List<String> entries = ApplicationClassPath.ofLoaders(List.of(container, application)).entries();
			assertThat(entries).startsWith(other.toString(), Path.of(own.toURI()).toString());
		}
		ClassLoader unknown = new ClassLoader("unknown", null) {
		};
		assertThatIOException().isThrownBy(() -> ApplicationClassPath.ofLoaders(List.of(unknown)))
			.withMessageContaining("class-path");
	}

	private List<URL> urls() throws IOException {
		List<URL> urls = new ArrayList<>();
		urls.add(this.directory.resolve("ext").toUri().toURL());
		urls.add(ExecutableArchive.nestedUrl(this.archive, "WEB-INF/classes/"));
		urls.add(ExecutableArchive.nestedUrl(this.archive, "WEB-INF/lib/a.jar"));
		urls.add(ExecutableArchive.nestedUrl(this.archive, "WEB-INF/lib-provided/a.jar"));
		return urls;
	}

	private static URLClassLoader loader(ApplicationClassPath classPath) throws IOException {
		List<URL> urls = new ArrayList<>();
		for (String entry : classPath.entries().subList(1, 4)) {
			urls.add(Path.of(entry).toUri().toURL());
		}
		return new URLClassLoader(urls.toArray(URL[]::new), null);
	}

	private static String read(URLClassLoader loader, String name) throws IOException {
		try (InputStream stream = loader.findResource(name).openStream()) {
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
