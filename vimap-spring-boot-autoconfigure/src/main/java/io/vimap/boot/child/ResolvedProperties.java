package io.vimap.boot.child;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertyResolver;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.PlaceholderResolutionException;

/**
 * The properties of one process as they travel to another: source by source in their
 * order of precedence, with placeholders resolved. Both processes have an environment of
 * their own, so variables of the operating system don't travel; system properties do,
 * except for those that describe the JVM.
 */
public final class ResolvedProperties implements Serializable {

	private static final long serialVersionUID = 1L;

	/**
	 * Owned by the JVM, and by Spring Boot's logging, which sets these in each process.
	 */
	private static final List<String> OWNED_PREFIXES = List.of("java.", "jdk.", "sun.", "com.sun.", "awt.", "loader.",
			"logback.", "CONSOLE_LOG_", "FILE_LOG_", "LOG_", "LOGGED_APPLICATION_");

	private static final Set<String> OWNED_NAMES = Set.of("file.encoding", "file.separator", "path.separator",
			"line.separator", "native.encoding", "stdout.encoding", "stderr.encoding", "stdin.encoding", "os.arch",
			"os.name", "os.version", "user.country", "user.dir", "user.home", "user.language", "user.name",
			"user.script", "user.timezone", "user.variant", "PID");

	/** The begin of a placeholder that is none. */
	private static final String ESCAPED = "\\${";

	/** Stands for it, and is in no text that somebody wrote. */
	private static final String MARK = "\0escaped\0";

	/**
	 * Properties by the name of their source. No record: the JDK makes a dozen classes to
	 * read the first one, and each child would wait for them.
	 */
	private final LinkedHashMap<String, LinkedHashMap<String, Serializable>> sources = new LinkedHashMap<>();

	private final ArrayList<String> activeProfiles;

	private final ArrayList<String> defaultProfiles;

	private ResolvedProperties(ConfigurableEnvironment environment) {
		this.activeProfiles = new ArrayList<>(Arrays.asList(environment.getActiveProfiles()));
		this.defaultProfiles = new ArrayList<>(Arrays.asList(environment.getDefaultProfiles()));
		for (PropertySource<?> source : environment.getPropertySources()) {
			if (StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME.equals(source.getName())) {
				this.sources.put(source.getName(), new LinkedHashMap<>());
			}
			else if (!ConfigurationPropertySources.isAttachedConfigurationPropertySource(source)
					&& source instanceof EnumerablePropertySource<?> enumerable) {
				this.sources.put(source.getName(), new LinkedHashMap<>(resolve(enumerable, environment)));
			}
		}
	}

	/**
	 * Takes the properties of an environment as they are now.
	 * @param environment the environment
	 * @return its properties
	 */
	public static ResolvedProperties of(ConfigurableEnvironment environment) {
		return new ResolvedProperties(environment);
	}

	private static Map<String, Serializable> resolve(EnumerablePropertySource<?> source,
			ConfigurableEnvironment environment) {
		boolean system = StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME.equals(source.getName());
		Map<String, Serializable> properties = new LinkedHashMap<>();
		for (String name : source.getPropertyNames()) {
			if (!system || !isOwned(name)) {
				Serializable value = portable(source.getProperty(name), environment);
				if (value != null) {
					properties.put(name, value);
				}
			}
		}
		return properties;
	}

	/**
	 * Resolves the placeholders of a text that the other process will resolve again: what
	 * is escaped stays so, to be as it is in this process after that.
	 * @param text the text, as it is in a source
	 * @param environment the environment
	 * @return the text to send
	 */
	public static String resolve(String text, PropertyResolver environment) {
		try {
			return environment.resolvePlaceholders(text.replace(ESCAPED, MARK)).replace(MARK, ESCAPED);
		}
		catch (PlaceholderResolutionException ex) {
			// One that needs itself. It may matter to nobody; who reads it there is told
			// so, as here.
			return text;
		}
	}

	private static boolean isOwned(String name) {
		return OWNED_NAMES.contains(name) || OWNED_PREFIXES.stream().anyMatch(name::startsWith);
	}

	private static @Nullable Serializable portable(@Nullable Object value, ConfigurableEnvironment environment) {
		if (value == null) {
			return null;
		}
		if (value instanceof Number || value instanceof Boolean || value instanceof Character) {
			return (Serializable) value;
		}
		if (value instanceof CharSequence text) {
			return resolve(text.toString(), environment);
		}
		ConversionService conversion = ApplicationConversionService.getSharedInstance();
		return conversion.canConvert(value.getClass(), String.class) ? conversion.convert(value, String.class)
				: value.toString();
	}

	/**
	 * Puts these properties into the environment of this process. What this process was
	 * given itself (system properties, variables of the operating system) goes before its
	 * counterpart of the other process.
	 * @param environment an environment with nothing but the sources of this process
	 */
	void applyTo(ConfigurableEnvironment environment) {
		MutablePropertySources target = environment.getPropertySources();
		PropertySource<?> ownProperties = target.remove(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
		PropertySource<?> ownVariables = target.remove(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
		for (Map.Entry<String, LinkedHashMap<String, Serializable>> source : this.sources.entrySet()) {
			String name = source.getKey();
			switch (name) {
				case StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME -> {
					ownProperties = addLast(target, ownProperties);
					target.addLast(new MapPropertySource("parent " + name, new LinkedHashMap<>(source.getValue())));
				}
				case StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME ->
					ownVariables = addLast(target, ownVariables);
				default -> target.addLast(new MapPropertySource(name, new LinkedHashMap<>(source.getValue())));
			}
		}
		addLast(target, ownProperties);
		addLast(target, ownVariables);
		environment.setActiveProfiles(this.activeProfiles.toArray(String[]::new));
		environment.setDefaultProfiles(this.defaultProfiles.toArray(String[]::new));
	}

	private static @Nullable PropertySource<?> addLast(MutablePropertySources target,
			@Nullable PropertySource<?> source) {
		if (source != null) {
			target.addLast(source);
		}
		return null;
	}

}
