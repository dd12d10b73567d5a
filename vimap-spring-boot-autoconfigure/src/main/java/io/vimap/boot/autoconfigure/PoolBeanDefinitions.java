package io.vimap.boot.autoconfigure;

import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import io.vimap.boot.InvalidPoolException;
import io.vimap.boot.InvalidPoolException.Property;
import io.vimap.boot.VimapClient;
import io.vimap.boot.VimapWorker;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Brings together the pools of the properties and those of the annotated classes.
 */
final class PoolBeanDefinitions {

	private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]*");

	private final Environment environment;

	private final ResourceLoader resourceLoader;

	PoolBeanDefinitions(Environment environment, ResourceLoader resourceLoader) {
		this.environment = environment;
		this.resourceLoader = resourceLoader;
	}

	/**
	 * Finds all pools that are enabled.
	 * @param packages the packages to scan for workers
	 * @param inherited the names without dashes of pools that need no worker here,
	 * because a parent context has them
	 * @return the pools, those of annotated classes first
	 * @throws InvalidPoolException if one of them can't be created
	 */
	List<PoolBeanDefinition> find(Collection<String> packages, Set<String> inherited) {
		Map<String, Set<String>> annotated = scan(VimapWorker.class, packages);
		Map<String, Set<String>> clients = scan(VimapClient.class, packages);
		Binder binder = Binder.get(this.environment);
		// The annotated names first: where a property's key is the same name in another
		// form, theirs is the right one.
		Map<String, String> byForm = new LinkedHashMap<>();
		annotated.keySet().forEach((name) -> byForm.put(VimapProperties.uniform(name), name));
		clients.keySet().forEach((name) -> byForm.putIfAbsent(VimapProperties.uniform(name), name));
		binder.bind("vimap.pools", Bindable.mapOf(String.class, Object.class))
			.ifBound((pools) -> pools.keySet()
				.forEach((name) -> byForm.merge(VimapProperties.uniform(name), name, (known,
						other) -> (annotated.containsKey(known) || known.length() >= other.length()) ? known : other)));
		Set<String> names = new LinkedHashSet<>(byForm.values());
		List<PoolBeanDefinition> result = new ArrayList<>();
		for (String name : names) {
			Set<String> classNames = annotated.getOrDefault(name, Set.of());
			Set<String> clientNames = clients.getOrDefault(name, Set.of());
			checkName(name, classNames, clientNames);
			checkNoElement(name);
			// Only what a bean definition needs: the rest is bound once the properties
			// bean exists, with its converters.
			EarlyPool pool = binder.bindOrCreate("vimap.pools." + name,
					SectionsBindHandler.withoutValue(Bindable.of(EarlyPool.class)));
			boolean elsewhere = !StringUtils.hasText(pool.getWorker()) && classNames.isEmpty()
					&& inherited.contains(VimapProperties.uniform(name));
			if (pool.isEnabled() && !elsewhere) {
				if (!StringUtils.hasText(pool.getWorker()) && classNames.isEmpty()) {
					checkNoneLeftOut(name, packages);
				}
				PoolBeanDefinition definition = define(name, pool, classNames, clientNames, names);
				checkClients(definition, clientNames);
				result.add(definition);
			}
		}
		return result;
	}

	private Map<String, Set<String>> scan(Class<? extends Annotation> annotation, Collection<String> packages) {
		return new AnnotatedTypeScanner(annotation, this.environment, this.resourceLoader).scan(packages);
	}

	private void checkName(String name, Set<String> annotated, Set<String> clients) {
		if (!NAME.matcher(name).matches()) {
			String found = "the key '" + name + "' below 'vimap.pools'";
			if (!annotated.isEmpty()) {
				found = "the value '" + name + "' of @VimapWorker on " + String.join(", ", annotated);
			}
			else if (!clients.isEmpty()) {
				found = "the value '" + name + "' of @VimapClient on " + String.join(", ", clients);
			}
			throw new InvalidPoolException(name, found + " is no name for a pool.",
					"Use lower-case letters, digits and dashes, starting with a letter or digit.", null, null);
		}
	}

	/** Binding takes the index of an element for the name of a pool. */
	private void checkNoElement(String name) {
		if (!Character.isDigit(name.charAt(0))) {
			return;
		}
		Property first = new PoolProperties(name, this.environment).first();
		if (first.name().startsWith("vimap.pools[")) {
			throw new InvalidPoolException(name, "'vimap.pools' is a map of pools by their names, but a list is given.",
					"Write 'my-pool:' in place of '- name: my-pool'.", first, null);
		}
	}

	/** Its worker may be there, but have a condition. */
	private void checkNoneLeftOut(String name, Collection<String> packages) {
		Set<String> leftOut = AnnotatedTypeScanner
			.ignoringConditions(VimapWorker.class, this.environment, this.resourceLoader)
			.scan(packages)
			.getOrDefault(name, Set.of());
		if (!leftOut.isEmpty()) {
			throw new InvalidPoolException(name, "its worker " + String.join(", ", leftOut)
					+ " is left out: it has a condition, such as @Profile or @ConditionalOnProperty, which is not met.",
					"Remove the condition, set 'vimap.pools." + name
							+ ".enabled' to 'false' where the application is to do without the pool, or name another "
							+ "worker in 'vimap.pools." + name + ".worker'.",
					new PoolProperties(name, this.environment).first(), null);
		}
	}

	/** What calls the pool must be what its worker implements. */
	private static void checkClients(PoolBeanDefinition definition, Set<String> clients) {
		Class<?> implemented = definition.types().client();
		for (String client : clients) {
			if (implemented == null || !implemented.getName().equals(client)) {
				throw new InvalidPoolException(definition.name(),
						"its worker " + definition.worker().getName() + " does not implement its client " + client
								+ ".",
						"Let the worker implement it (and it alone: a pool has one client), or give the client another "
								+ "name.",
						null, null);
			}
		}
	}

	private PoolBeanDefinition define(String name, EarlyPool pool, Set<String> annotated, Set<String> clients,
			Set<String> others) {
		Property property = (pool.getWorker() != null) ? new PoolProperties(name, this.environment).find("worker")
				: null;
		Class<?> worker = loadWorker(name, workerClassName(name, pool, annotated, clients, others), annotated,
				property);
		return new PoolBeanDefinition(name, worker, new WorkerClassCheck(name, worker, property).check(),
				pool.isPrimary());
	}

	private String workerClassName(String name, EarlyPool pool, Set<String> annotated, Set<String> clients,
			Set<String> others) {
		String worker = pool.getWorker();
		if (StringUtils.hasText(worker)) {
			return worker;
		}
		if (annotated.isEmpty() && !clients.isEmpty()) {
			String client = clients.iterator().next();
			throw new InvalidPoolException(name, "nothing implements its client " + client + ".",
					"Annotate a class that implements " + client + " with @VimapWorker(\"" + name
							+ "\") in the packages of the application, or name such a class in 'vimap.pools." + name
							+ ".worker'.",
					null, null);
		}
		if (annotated.isEmpty()) {
			throw new InvalidPoolException(name, "it has no worker.",
					"Set 'vimap.pools." + name
							+ ".worker' to a class that implements io.vimap.worker.Worker, or annotate "
							+ "such a class in the packages of the application with @VimapWorker(\"" + name + "\")."
							+ hint(name, others),
					new PoolProperties(name, this.environment).first(), null);
		}
		if (annotated.size() > 1) {
			throw new InvalidPoolException(name,
					"there are " + annotated.size() + " classes with @VimapWorker(\"" + name + "\"): "
							+ String.join(", ", annotated) + ".",
					"Give them different names, or choose one with 'vimap.pools." + name + ".worker'.", null, null);
		}
		return annotated.iterator().next();
	}

	/**
	 * A mistyped name, or what the environment variable VIMAP_POOLS_MY_POOL_… makes of
	 * the name my-pool.
	 */
	private static String hint(String name, Set<String> others) {
		String similar = SimilarNames.closest(name, others.stream().filter((other) -> !other.equals(name)).toList())
			.map((other) -> " Or did you mean the pool '" + other + "'?")
			.orElse("");
		return others.stream()
			.filter((other) -> other.startsWith(name + "-"))
			.findFirst()
			.map((other) -> " If you meant the pool '" + other
					+ "': in an environment variable leave the dashes of its name out (VIMAP_POOLS_"
					+ VimapProperties.uniform(other).toUpperCase(Locale.ROOT) + "_…).")
			.orElse(similar);
	}

	private Class<?> loadWorker(String name, String className, Set<String> annotated, @Nullable Property property) {
		try {
			return ClassUtils.forName(className, this.resourceLoader.getClassLoader());
		}
		catch (ClassNotFoundException | LinkageError ex) {
			if (className.contains("${")) {
				throw new InvalidPoolException(name,
						"the worker class " + className + " can't be loaded: a placeholder in its name has no value.",
						"Set the property that the placeholder names, or write a default into it: "
								+ "${NAME:com.example.MyWorker}.",
						property, ex);
			}
			throw new InvalidPoolException(name, "the worker class " + className + " can't be loaded: "
					+ ((ex instanceof ClassNotFoundException) ? "it is not on the class path." : ex.toString() + "."),
					"Correct the name (a nested class is written Outer$Nested) or add what has the class to the class path."
							+ SimilarNames.closest(className, annotated)
								.map((other) -> " Did you mean " + other + "?")
								.orElse(""),
					property, ex);
		}
	}

	/**
	 * What of a pool's properties its bean definition needs.
	 */
	static class EarlyPool {

		private boolean enabled = true;

		private boolean primary;

		private @Nullable String worker;

		boolean isEnabled() {
			return this.enabled;
		}

		void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		boolean isPrimary() {
			return this.primary;
		}

		void setPrimary(boolean primary) {
			this.primary = primary;
		}

		@Nullable String getWorker() {
			return this.worker;
		}

		void setWorker(@Nullable String worker) {
			this.worker = worker;
		}

	}

}
