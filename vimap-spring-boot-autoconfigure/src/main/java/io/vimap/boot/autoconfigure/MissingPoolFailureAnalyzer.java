package io.vimap.boot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import io.vimap.boot.InvalidPoolException.Property;
import io.vimap.boot.VimapClient;
import io.vimap.pool.ProcessPool;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.analyzer.AbstractInjectionFailureAnalyzer;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Explains that a pool, or the client of one, is to be injected which is not there: most
 * likely it is disabled in a profile.
 */
@Order(0)
class MissingPoolFailureAnalyzer extends AbstractInjectionFailureAnalyzer<NoSuchBeanDefinitionException> {

	private final ConfigurableListableBeanFactory beanFactory;

	private final Environment environment;

	MissingPoolFailureAnalyzer(BeanFactory beanFactory, Environment environment) {
		this.beanFactory = (ConfigurableListableBeanFactory) beanFactory;
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause,
			@Nullable String description) {
		ResolvableType type = cause.getResolvableType();
		if (type == null || cause.getNumberOfBeansFound() > 1) {
			return null;
		}
		String who = (description != null) ? description : "The application";
		VimapClient client = AnnotationUtils.findAnnotation(type.toClass(), VimapClient.class);
		if (client != null) {
			return explain(
					"%s requires %s, the client of process pool '%s', which is not there.".formatted(who, type,
							client.value()),
					(pool) -> VimapProperties.uniform(pool).equals(VimapProperties.uniform(client.value())), cause);
		}
		return ProcessPool.class.isAssignableFrom(type.toClass())
				? explain("%s requires a %s, but there is no such process pool.".formatted(who, type), (pool) -> true,
						cause)
				: null;
	}

	private FailureAnalysis explain(String problem, Predicate<String> mayBeMeant, NoSuchBeanDefinitionException cause) {
		List<Property> disabled = disabled(mayBeMeant);
		String description = problem + disabled.stream()
			.map(InvalidPoolFailureAnalyzer::describe)
			.collect(Collectors.joining("", disabled.isEmpty() ? "" : "%n%nWhat disables pools:".formatted(), ""));
		String present = present();
		return new FailureAnalysis(description + "%n%nThe pools are: %s"
			.formatted(present.isEmpty() ? "(none)" : present), disabled.isEmpty()
					? "Ask for a pool by the types of its inputs and outputs, and by its name where several have the same. "
							+ "If it is missing, annotate its worker with @VimapWorker in the packages of the application, "
							+ "or name it in 'vimap.pools.<name>.worker'."
					: "Set " + disabled.stream()
						.map((property) -> "'" + property.name() + "'")
						.collect(Collectors.joining(" or "))
							+ " to 'true', or ask for an ObjectProvider where the application is to do without the pool.",
				cause);
	}

	private List<Property> disabled(Predicate<String> mayBeMeant) {
		Binder binder = Binder.get(this.environment);
		if (isFalse(binder, "vimap.enabled")) {
			return List.of(PoolProperties.any("vimap.enabled", this.environment));
		}
		Set<String> pools = binder.bind("vimap.pools", Bindable.mapOf(String.class, Object.class))
			.map((map) -> map.keySet())
			.orElse(Set.of());
		return pools.stream()
			.filter(mayBeMeant)
			.map((pool) -> "vimap.pools." + pool + ".enabled")
			.filter((property) -> isFalse(binder, property))
			.map((property) -> PoolProperties.any(property, this.environment))
			.toList();
	}

	private static boolean isFalse(Binder binder, String property) {
		return !binder.bind(property, Boolean.class).orElse(true);
	}

	/** Those of the parent contexts, too, unless there is one of that name before. */
	private String present() {
		Map<String, ResolvableType> pools = new LinkedHashMap<>();
		BeanFactory next = this.beanFactory;
		while (next instanceof ConfigurableListableBeanFactory beans) {
			for (String name : beans.getBeanNamesForType(ProcessPool.class, true, false)) {
				if (beans.containsBeanDefinition(name)) {
					pools.putIfAbsent(name,
							beans.getMergedBeanDefinition(name).getResolvableType().as(ProcessPool.class));
				}
			}
			next = beans.getParentBeanFactory();
		}
		return pools.entrySet()
			.stream()
			.map((pool) -> "'%s' (%s)".formatted(pool.getKey(), pool.getValue()))
			.collect(Collectors.joining(", "));
	}

}
