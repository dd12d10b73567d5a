package io.vimap.launch;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a child needs to load the classes of this application.
 *
 * @param entries the class path, absolute
 * @param launcher the class to run in place of the main class, which it then runs, or
 * {@code null}
 * @param properties system properties for that launcher
 */
record ApplicationClassPath(List<String> entries, @Nullable String launcher, List<String> properties) {

	/**
	 * Finds out how this application was started.
	 * @param loaders class loaders that may have loaded the application, innermost first
	 * @return its class path
	 * @throws IOException if it can't be told
	 */
	static ApplicationClassPath ofThisApplication(List<ClassLoader> loaders) throws IOException {
		return of(absolute(List.of(System.getProperty("java.class.path", "").split(File.pathSeparator))));
	}

	/**
	 * Uses a class path that is known.
	 * @param entries the entries, absolute or relative to this process's directory
	 * @return the class path
	 */
	static ApplicationClassPath of(List<String> entries) {
		return new ApplicationClassPath(absolute(entries), null, List.of());
	}

	private static List<String> absolute(List<String> entries) {
		List<String> absolute = new ArrayList<>();
		for (String entry : entries) {
			absolute.add(Path.of(entry).toAbsolutePath().normalize().toString());
		}
		return absolute;
	}

}
