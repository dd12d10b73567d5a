package io.vimap.launch;

import java.io.File;
import java.net.URL;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * A part of an executable archive that is on its class path, as the URL
 * {@code jar:nested:/path/app.jar/!BOOT-INF/lib/some.jar!/} of Spring Boot's loader names
 * it.
 *
 * @param archive the archive
 * @param name the name of a jar or a directory in it; that of a directory ends with a
 * slash
 */
record NestedLocation(Path archive, String name) {

	private static final String PREFIX = "jar:nested:";

	private static final String SEPARATOR = "/!";

	private static final String SUFFIX = "!/";

	/**
	 * Reads a URL.
	 * @param url the URL
	 * @return what it names, or {@code null} if that is not in an archive
	 */
	static @Nullable NestedLocation parse(URL url) {
		String text = url.toString();
		int separator = text.indexOf(SEPARATOR);
		if (!text.startsWith(PREFIX) || separator < 0) {
			return null;
		}
		String path = decode(text.substring(PREFIX.length(), separator));
		String name = decode(text.substring(separator + SEPARATOR.length()));
		if (name.endsWith(SUFFIX)) {
			name = name.substring(0, name.length() - SUFFIX.length());
		}
		if (File.separatorChar == '\\' && path.startsWith("/")) {
			path = path.substring(1);
		}
		return new NestedLocation(Path.of(path).toAbsolutePath().normalize(), name);
	}

	private static String decode(String text) {
		// A plus is itself in a path.
		return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
	}

	/**
	 * Returns the directory as it is, and for a jar the one it lies in.
	 * @return a name without the slash at its end
	 */
	String directory() {
		return this.name.substring(0, Math.max(0, this.name.lastIndexOf('/')));
	}

}
