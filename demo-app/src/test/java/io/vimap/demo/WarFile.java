package io.vimap.demo;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

import org.springframework.boot.loader.tools.Layouts;
import org.springframework.boot.loader.tools.Library;
import org.springframework.boot.loader.tools.LibraryScope;
import org.springframework.boot.loader.tools.Repackager;

/**
 * Makes an executable war of the demo's jar, by Spring Boot's own tools.
 */
final class WarFile {

	private static final String LIBRARIES = "BOOT-INF/lib/";

	private static final String TOOLS = LIBRARIES + "spring-boot-jarmode-tools-";

	private static final String CLASSES = "BOOT-INF/classes/";

	private WarFile() {
	}

	/**
	 * Makes the war.
	 * @param jar the executable jar
	 * @param war the war to write
	 * @param directory for temporary files
	 * @throws IOException if it can't be made
	 */
	static void of(Path jar, Path war, Path directory) throws IOException {
		Path plain = directory.resolve("plain.war");
		List<Library> libraries = new ArrayList<>();
		try (ZipFile zip = new ZipFile(jar.toFile());
				OutputStream out = Files.newOutputStream(plain);
				ZipOutputStream classes = new ZipOutputStream(out)) {
			for (ZipEntry entry : zip.stream().filter((candidate) -> !candidate.isDirectory()).toList()) {
				try (InputStream content = zip.getInputStream(entry)) {
					if (entry.getName().startsWith(TOOLS)) {
						// The tools add them again
						continue;
					}
					if (entry.getName().startsWith(LIBRARIES)) {
						libraries.add(library(entry.getName().substring(LIBRARIES.length()), content, directory));
					}
					else if (entry.getName().startsWith(CLASSES)) {
						classes.putNextEntry(
								new ZipEntry("WEB-INF/classes/" + entry.getName().substring(CLASSES.length())));
						content.transferTo(classes);
					}
				}
			}
		}
		Repackager repackager = new Repackager(plain.toFile());
		repackager.setLayout(new Layouts.War());
		repackager.setMainClass(DemoApplication.class.getName());
		repackager.repackage(war.toFile(), (callback) -> {
			for (Library library : libraries) {
				callback.library(library);
			}
		});
	}

	/** The web server, as is usual, and something that the workers can't do without. */
	private static Library library(String name, InputStream content, Path directory) throws IOException {
		File file = directory.resolve(name).toFile();
		Files.copy(content, file.toPath());
		boolean provided = name.startsWith("tomcat-embed-") || name.startsWith("jackson-core-");
		return new Library(file, provided ? LibraryScope.PROVIDED : LibraryScope.COMPILE);
	}

}
