package io.vimap.launch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/**
 * Writes archives with the layout of Spring Boot's, and the URLs its loader uses.
 */
final class ExecutableArchive {

	private ExecutableArchive() {
	}

	static Path write(Path file, String content) throws IOException {
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "Launcher");
		manifest.getMainAttributes().putValue("Spring-Boot-Lib", "WEB-INF/lib/");
		manifest.getMainAttributes().putValue("Implementation-Version", "1.2");
		try (OutputStream out = Files.newOutputStream(file); JarOutputStream jar = new JarOutputStream(out, manifest)) {
			add(jar, "META-INF/", new byte[0]);
			add(jar, "META-INF/X.SF", bytes("signature"));
			add(jar, "META-INF/build-info.properties", bytes("build"));
			add(jar, "META-INF/both.txt", bytes("outer"));
			add(jar, "WEB-INF/classes/", new byte[0]);
			add(jar, "WEB-INF/classes/META-INF/", new byte[0]);
			add(jar, "WEB-INF/classes/META-INF/both.txt", bytes("inner"));
			add(jar, "WEB-INF/classes/own.txt", bytes(content));
			add(jar, "WEB-INF/lib/a.jar", nested("a.txt"));
			add(jar, "WEB-INF/lib-provided/a.jar", nested("b.txt"));
		}
		return file;
	}

	private static byte[] nested(String name) throws IOException {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		try (JarOutputStream jar = new JarOutputStream(out)) {
			add(jar, name, bytes("nested"));
		}
		return out.toByteArray();
	}

	private static void add(JarOutputStream jar, String name, byte[] content) throws IOException {
		ZipEntry entry = new ZipEntry(name);
		entry.setTime(0);
		jar.putNextEntry(entry);
		jar.write(content);
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	/** The protocol is unknown to a JVM without Spring Boot's loader. */
	static URL url(String text) throws IOException {
		return new URL(null, text, new URLStreamHandler() {

			@Override
			protected URLConnection openConnection(URL url) throws IOException {
				throw new IOException("Not to be opened: " + url);
			}

		});
	}

	static URL nestedUrl(Path archive, String name) throws IOException {
		return url("jar:nested:" + archive.toUri().getRawPath() + "/!" + name + "!/");
	}

}
