package io.vimap.launch;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a child needs to load the classes of this application, however it was started:
 * <ul>
 * <li>with a class path (an IDE, build tools, an extracted jar, with developer tools or
 * without): the same class path, made absolute since the child may run elsewhere;</li>
 * <li>from an executable jar or war of Spring Boot: what its class loader has, unpacked
 * once into a cache by {@link UnpackedArchive}; or if that is not possible, the archive
 * itself through Spring Boot's {@code PropertiesLauncher}, which is slower;</li>
 * <li>by another {@link URLClassLoader} (a servlet container, a Maven plugin): what that
 * loader and its parents have.</li>
 * </ul>
 *
 * @param entries the class path, absolute
 * @param launcher the class to run in place of the main class, which it then runs, or
 * {@code null}
 * @param properties system properties for that launcher
 */
record ApplicationClassPath(List<String> entries, @Nullable String launcher, List<String> properties) {

	/** Known by name: this room does not depend on Spring Boot. */
	static final String NESTED_LOADER = "org.springframework.boot.loader.launch.LaunchedClassLoader";

	private static final String LAUNCHER = "org.springframework.boot.loader.launch.PropertiesLauncher";

	/** What {@code PropertiesLauncher} finds without being told. */
	private static final String JAR_CONTENT = "BOOT-INF/";

	private static final Logger logger = LoggerFactory.getLogger(ApplicationClassPath.class);

	/** Whether the user has been told that an archive can't be unpacked. Any thread. */
	private static final AtomicBoolean warned = new AtomicBoolean();

	/**
	 * Finds out how this application was started.
	 * @param loaders class loaders that may have loaded the application, the one that has
	 * loaded this library first
	 * @return its class path
	 * @throws IOException if it can't be told
	 */
	static ApplicationClassPath ofThisApplication(List<ClassLoader> loaders) throws IOException {
		for (ClassLoader loader : loaders) {
			for (ClassLoader current = loader; current != null; current = current.getParent()) {
				if (current instanceof URLClassLoader nested && NESTED_LOADER.equals(current.getClass().getName())) {
					return ofNested(List.of(nested.getURLs()));
				}
			}
		}
		String resource = JvmLauncher.class.getName().replace('.', '/') + ".class";
		if (ClassLoader.getSystemClassLoader().getResource(resource) != null) {
			return of(systemClassPath());
		}
		return ofLoaders(loaders);
	}

	/**
	 * Uses a class path that is known.
	 * @param entries the entries, absolute or relative to this process's directory
	 * @return the class path
	 */
	static ApplicationClassPath of(List<String> entries) {
		List<String> absolute = entries.stream()
			.map((entry) -> Path.of(entry).toAbsolutePath().normalize().toString())
			.toList();
		return new ApplicationClassPath(absolute, null, List.of());
	}

	/**
	 * Tells whether the files are still there: a cache may be cleared at any time.
	 * @return whether a child can be started with it
	 */
	boolean isIntact() {
		return UnpackedArchive.isIntact(this.entries);
	}

	private static List<String> systemClassPath() {
		List<String> classPath = List.of(System.getProperty("java.class.path", "").split(File.pathSeparator));
		String modulePath = System.getProperty("jdk.module.path");
		return (modulePath != null) ? withModules(classPath, modulePath) : classPath;
	}

	/**
	 * Adds modules to a class path: a child has no modules of its own.
	 * @param classPath the class path
	 * @param modulePath modules, and directories of them
	 * @return a class path
	 */
	static List<String> withModules(List<String> classPath, String modulePath) {
		List<String> entries = new ArrayList<>(classPath);
		entries.removeIf(String::isEmpty);
		for (String entry : List.of(modulePath.split(File.pathSeparator))) {
			File[] modules = new File(entry, "module-info.class").exists() ? null : new File(entry).listFiles();
			if (modules == null) {
				entries.add(entry);
			}
			else {
				Arrays.stream(modules).map(File::getPath).sorted().forEach(entries::add);
			}
		}
		return entries;
	}

	/**
	 * Translates what Spring Boot's class loader has. Nothing of it is in an archive if
	 * that was extracted with its launcher.
	 */
	static ApplicationClassPath ofNested(List<URL> urls) throws IOException {
		Map<String, NestedLocation> nested = new LinkedHashMap<>();
		for (URL url : urls) {
			NestedLocation location = NestedLocation.parse(url);
			if (location != null) {
				nested.put(url.toExternalForm(), location);
			}
		}
		Set<Path> archives = nested.values().stream().map(NestedLocation::archive).collect(Collectors.toSet());
		if (archives.size() > 1) {
			throw new IOException(
					"This application runs from several archives " + archives + ": set 'class-path' for its children");
		}
		Path archive = archives.isEmpty() ? null : archives.iterator().next();
		try {
			Map<String, Path> unpacked = (archive == null) ? Map.of()
					: UnpackedArchive.unpack(archive, nested.values().stream().map(NestedLocation::name).toList());
			Set<String> entries = new LinkedHashSet<>();
			for (URL url : urls) {
				NestedLocation location = nested.get(url.toExternalForm());
				Path file = (location != null) ? unpacked.get(location.name()) : file(url);
				if (file != null) {
					entries.add(file.toString());
				}
			}
			entries.addAll(of(systemClassPath()).entries());
			entries.remove(String.valueOf(archive));
			return new ApplicationClassPath(List.copyOf(entries), null, List.of());
		}
		catch (IOException | RuntimeException ex) {
			if (archive == null) {
				throw ex;
			}
			warn(archive, ex);
			return throughLauncher(archive, urls, nested);
		}
	}

	private static void warn(Path archive, Exception cause) {
		logger.debug("Cannot unpack {}", archive, cause);
		if (warned.compareAndSet(false, true)) {
			logger.warn(
					"Cannot unpack {} ({}), so its child processes take longer to start."
							+ " The system property '{}' can name a directory for it",
					archive, cause, PrivateDirectory.CACHE_PROPERTY);
		}
	}

	private static ApplicationClassPath throughLauncher(Path archive, List<URL> urls,
			Map<String, NestedLocation> nested) {
		Set<String> path = new LinkedHashSet<>();
		for (URL url : urls) {
			NestedLocation location = nested.get(url.toExternalForm());
			if (location == null) {
				path.add(String.valueOf(file(url)));
			}
			else if (!location.name().startsWith(JAR_CONTENT)) {
				path.add(location.directory());
			}
		}
		List<String> properties = new ArrayList<>();
		// Else it looks for a loader.properties in the working directory.
		properties.add("loader.home=" + archive.getParent());
		if (!path.isEmpty()) {
			properties.add("loader.path=" + String.join(",", path));
		}
		return new ApplicationClassPath(List.of(archive.toString()), LAUNCHER, properties);
	}

	static ApplicationClassPath ofLoaders(List<ClassLoader> loaders) throws IOException {
		ClassLoader own = loaders.get(0);
		Set<String> entries = new LinkedHashSet<>();
		for (ClassLoader current = innermost(loaders); current != null; current = current.getParent()) {
			if (current instanceof URLClassLoader loader) {
				for (URL url : loader.getURLs()) {
					Path file = file(url);
					if (file != null) {
						entries.add(file.toString());
					}
				}
			}
		}
		if (entries.isEmpty()) {
			throw new IOException("Cannot tell the class path of this application, whose classes were loaded by "
					+ own.getClass().getName() + ": set 'class-path' for its children");
		}
		entries.addAll(of(systemClassPath()).entries());
		return new ApplicationClassPath(List.copyOf(entries), null, List.of());
	}

	/**
	 * Prefers a loader that sees this library and more.
	 */
	private static ClassLoader innermost(List<ClassLoader> loaders) {
		ClassLoader own = loaders.get(0);
		for (ClassLoader loader : loaders) {
			for (ClassLoader current = loader; current != null; current = current.getParent()) {
				if (current == own && loader != own) {
					return loader;
				}
			}
		}
		return own;
	}

	private static @Nullable Path file(URL url) {
		String text = url.toString();
		if (text.startsWith("jar:file:") && text.endsWith("!/")) {
			text = text.substring("jar:".length(), text.length() - "!/".length());
		}
		if (!text.startsWith("file:")) {
			return null;
		}
		try {
			return Path.of(new URI(text)).toAbsolutePath().normalize();
		}
		catch (URISyntaxException | IllegalArgumentException ex) {
			logger.debug("Not a file: {}", url, ex);
			return null;
		}
	}

}
