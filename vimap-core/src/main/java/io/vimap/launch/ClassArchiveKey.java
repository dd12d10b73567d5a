package io.vimap.launch;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Identifies an archive of classes by all that the JVM demands to be the same when it is
 * made and used (the Java installation, the class path with the sizes and times of its
 * jars, and the options that change how objects are laid out), and by the program, which
 * decides what classes are loaded. Jars are not read for it, but for their manifests: the
 * JVM itself compares sizes and times only.
 *
 * @param file where the archive is or will be
 * @param list where the list of its classes is, if one is kept
 * @param dumpOptions the options for the JVM that makes it
 * @param useOptions the options for a JVM that uses it
 */
record ClassArchiveKey(Path file, Path list, List<String> dumpOptions, List<String> useOptions) {

	private static final String CDS_SUFFIX = ".jsa";

	private static final String AOT_SUFFIX = ".aot";

	/** Options that concern archives themselves, or that forbid them. */
	private static final Pattern INCOMPATIBLE = Pattern.compile("(?:^|\\s)(?:-Xshare|-XX:Shared|-XX:ArchiveClasses"
			+ "|-XX:[+-]AutoCreateSharedArchive|-XX:[+-]?AOT|-XX:DumpLoadedClassList|-XX:Flags|-Xbootclasspath|-Xrun"
			+ "|-javaagent|-agentlib|-agentpath|--patch-module|--upgrade-module-path|--limit-modules|--module-path|-p\\b"
			+ "|-Djava\\.system\\.class\\.loader|@)");

	private static final Pattern RELEVANT = Pattern.compile("-Xmx.*|-XX:Max(?:HeapSize|RAM\\w*)=.*"
			+ "|-XX:[+-]Use(?:Compressed\\w+|CompactObjectHeaders|\\w+GC)|-XX:ObjectAlignmentInBytes=.*"
			+ "|-XX:[+-]BytecodeVerification\\w+|--enable-preview");

	/** Those into whose heap the objects of an archive made with G1 can be loaded. */
	private static final Pattern LOADS_FROM_G1 = Pattern.compile("-XX:\\+Use(?:Serial|Parallel|G1)GC");

	/**
	 * Options about modules. An AOT cache is refused as a whole by a JVM whose modules
	 * are not those it was made with; an archive just saves less time there.
	 */
	private static final Pattern MODULES = Pattern
		.compile("(?:^|\\s)(?:--add-|--enable-native-access|--illegal-native-access|-Djdk\\.module\\.)");

	private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)");

	private static final int FIRST_WITH_AOT_CACHE = 25;

	/** The class path that the manifest of a jar, as it was then, adds to. Any thread. */
	private static final Map<String, List<Path>> manifestClassPaths = new ConcurrentHashMap<>();

	private static final Logger logger = LoggerFactory.getLogger(ClassArchiveKey.class);

	/**
	 * Makes the key for the children of a pool.
	 * @param java the program that runs them
	 * @param classPath their class path
	 * @param settings what else they have in common
	 * @param environment their environment
	 * @return the key, or {@code null} if there can be no archive
	 * @throws IOException if the cache or a file of the class path can't be read
	 */
	static @Nullable ClassArchiveKey of(Path java, ApplicationClassPath classPath, JvmSettings settings,
			Map<String, String> environment) throws IOException {
		ChosenOptions chosen = ChosenOptions.of(settings.jvmArgs(), environment);
		String release = Files.readString(java.resolveSibling("../release").normalize());
		if (classPath.launcher() != null || chosen.include(INCOMPATIBLE) || release.contains("OpenJ9")) {
			logger.debug("No class archive: options or the way of starting exclude it");
			return null;
		}
		List<String> description = new ArrayList<>();
		description.add(release);
		description.add(describe(java.resolveSibling("../lib/modules").normalize()));
		for (String entry : classPath.entries()) {
			Path path = Path.of(entry);
			if (Files.isDirectory(path)) {
				logger.debug("No class archive: {} is a directory, and a JVM archives classes of jars only", path);
				return null;
			}
			String described = describe(path);
			description.add(described);
			List<Path> references = manifestClassPaths.get(described);
			if (references == null) {
				references = manifestClassPath(path);
				manifestClassPaths.put(described, references);
			}
			references.forEach((reference) -> description.add(describe(reference)));
		}
		Matcher version = VERSION.matcher(release);
		boolean aot = version.find() && Integer.parseInt(version.group(1)) >= FIRST_WITH_AOT_CACHE;
		boolean linked = aot && !chosen.include(MODULES);
		List<String> dumpOptions = new ArrayList<>(layoutOptions(settings.jvmArgs(), chosen));
		if (linked) {
			// What makes an archive an AOT cache: classes come to life linked.
			dumpOptions.add("-XX:+AOTClassLinking");
		}
		description.addAll(dumpOptions);
		description.add(settings.program());
		Path cache = Files.createDirectories(PrivateDirectory.cache().resolve("archives"));
		String name = digest(description);
		Path file = cache.resolve(name + (linked ? AOT_SUFFIX : CDS_SUFFIX));
		return new ClassArchiveKey(file, cache.resolve(name + ".list"), dumpOptions, useOptions(file, aot));
	}

	/**
	 * Tells whether a file of the cache is an archive.
	 * @param file the file
	 * @return whether it is one, complete, of whatever key
	 */
	static boolean isArchive(Path file) {
		String name = file.toString();
		return name.endsWith(CDS_SUFFIX) || name.endsWith(AOT_SUFFIX);
	}

	private static List<String> useOptions(Path file, boolean aot) {
		List<String> options = new ArrayList<>();
		if (file.toString().endsWith(AOT_SUFFIX)) {
			options.add("-XX:AOTCache=" + file);
		}
		else {
			options.add("-XX:SharedArchiveFile=" + file);
			options.add("-Xshare:auto");
		}
		// An archive that does not fit after all is no news.
		options.add("-Xlog:cds*=off:stderr");
		if (aot) {
			// The name is an error in earlier versions.
			options.add("-Xlog:aot*=off:stderr");
		}
		return options;
	}

	private static List<String> layoutOptions(List<String> jvmArgs, ChosenOptions chosen) {
		List<String> options = Stream.concat(JvmOptions.defaults(chosen).stream(), jvmArgs.stream())
			.filter((option) -> RELEVANT.matcher(option).matches() && !LOADS_FROM_G1.matcher(option).matches())
			.toList();
		boolean otherCollector = options.stream().anyMatch((option) -> option.matches("-XX:\\+Use\\w+GC"));
		// Only G1 can archive objects, such as the graph of the modules.
		return otherCollector ? options : Stream.concat(Stream.of("-XX:+UseG1GC"), options.stream()).toList();
	}

	private static String describe(Path path) {
		File file = path.toFile();
		return path + "|" + file.length() + "|" + file.lastModified();
	}

	private static List<Path> manifestClassPath(Path jar) throws IOException {
		List<Path> referred = new ArrayList<>();
		if (Files.isRegularFile(jar)) {
			try (JarFile file = new JarFile(jar.toFile(), false)) {
				Manifest manifest = file.getManifest();
				String value = (manifest != null) ? manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH)
						: null;
				if (value != null) {
					URI base = jar.toUri();
					for (String reference : value.trim().split(" +", -1)) {
						referred.add(Path.of(base.resolve(reference)));
					}
				}
			}
		}
		return referred;
	}

	private static String digest(List<String> description) {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			digest.update(String.join("\n", description).getBytes(StandardCharsets.UTF_8));
			return HexFormat.of().formatHex(digest.digest(), 0, 16);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java has SHA-256", ex);
		}
	}

}
