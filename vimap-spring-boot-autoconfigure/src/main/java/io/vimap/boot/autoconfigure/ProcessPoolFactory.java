package io.vimap.boot.autoconfigure;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.vimap.boot.InvalidPoolException;
import io.vimap.boot.ManagedProcessPool;
import io.vimap.boot.PoolOptionsCustomizer;
import io.vimap.boot.ProcessPoolDefinition;
import io.vimap.boot.VimapWorker;
import io.vimap.boot.child.LogLevels;
import io.vimap.boot.child.ResolvedProperties;
import io.vimap.boot.child.SpringWorkerFactory;
import io.vimap.pool.PoolListener;
import io.vimap.pool.PoolMode;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerSpec;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.NativeDetector;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Makes the pools. Everything that can be wrong with a pool's properties is found when
 * its bean is created; what concerns the moment (the properties for the children, the
 * levels of loggers) is taken each time it starts.
 */
class ProcessPoolFactory {

	private final VimapProperties properties;

	private final ConfigurableEnvironment environment;

	private final BeanFactory beanFactory;

	private final ProcessPoolForker forker;

	ProcessPoolFactory(VimapProperties properties, ConfigurableEnvironment environment, BeanFactory beanFactory,
			ProcessPoolForker forker) {
		this.properties = properties;
		this.environment = environment;
		this.beanFactory = beanFactory;
		this.forker = forker;
	}

	/**
	 * Makes a pool that has not been started.
	 * @param name its name
	 * @param worker its worker class, which has been checked
	 * @return a new pool
	 * @throws InvalidPoolException if its properties are wrong
	 */
	ManagedProcessPool<?, ?> create(String name, Class<?> worker) {
		if (NativeDetector.inNativeImage()) {
			throw new InvalidPoolException(name,
					"a native image has neither a JVM nor a class path to start worker processes with.",
					"Run the application on a JVM, or set 'vimap.enabled' to 'false' when building the image.", null,
					null);
		}
		PoolProperties origins = new PoolProperties(name, this.environment);
		VimapProperties.Pool pool = this.properties.find(name);
		PoolOptionsMapper mapper = new PoolOptionsMapper(name, pool, this.properties.getDefaults(), origins);
		PoolOptions options = mapper.map().build();
		List<InitArgs> initArgs = new ProcessCount(name, pool, mapper, origins).apply(InitArgs.of(name, origins));
		InitArgsCheck check = new InitArgsCheck(name, worker);
		initArgs.stream().distinct().forEach(check::check);
		Duration startLimit = options.startTimeout().plus(options.initTimeout());
		ResolvableType type = ResolvableType.forClass(worker).as(Worker.class);
		Supplier<ProcessPool<Object, Object>> engine = () -> fork(worker, initArgs, type,
				customize(name, mapper.map()).build());
		return new ManagedProcessPool<>(new ProcessPoolDefinition<>(name, type.getGeneric(0), type.getGeneric(1),
				initArgs.size(), mapper.get(PoolSettings::getAutoStart, true),
				mapper.get(PoolSettings::getRequired, true), startLimit, engine));
	}

	private PoolOptions.Builder customize(String name, PoolOptions.Builder options) {
		// Looked up when the pool starts, not when it is created: a listener may itself
		// use pools.
		options.closeWhenDone(false);
		options.taskContext(this.beanFactory.getBeanProvider(TaskContextSource.class)
			.getIfAvailable(TaskContextSource::ofLoggingContext));
		options.listeners(this.beanFactory.getBeanProvider(PoolListener.class).orderedStream().toList());
		this.beanFactory.getBeanProvider(PoolOptionsCustomizer.class)
			.orderedStream()
			.forEach((customizer) -> customizer.customize(name, options));
		return options.autoStart(true);
	}

	private ProcessPool<Object, Object> fork(Class<?> worker, List<InitArgs> initArgs, ResolvableType type,
			PoolOptions options) {
		ResolvedProperties resolved = ResolvedProperties.of(this.environment);
		Map<String, String> logLevels = logLevels(options);
		List<String> packages = AutoConfigurationPackages.has(this.beanFactory)
				? AutoConfigurationPackages.get(this.beanFactory) : Collections.emptyList();
		List<WorkerSpec<Object, Object>> specs = new ArrayList<>();
		for (InitArgs args : initArgs) {
			SpringWorkerFactory<Object, Object> factory = SpringWorkerFactory.of(worker.getName(), imports(worker),
					packages, resolved, args.values(), logLevels);
			specs.add(WorkerSpec.of(factory).types(javaType(type.getGeneric(0)), javaType(type.getGeneric(1))));
		}
		try {
			return this.forker.fork(specs, options);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidPoolException(options.name(), String.valueOf(ex.getMessage()),
					"Correct the declaration of " + worker.getName() + " or the properties of the pool.", null, ex);
		}
	}

	private @Nullable Map<String, String> logLevels(PoolOptions options) {
		if (options.mode() == PoolMode.SERIAL) {
			return null;
		}
		LoggingSystem system = this.beanFactory.getBeanProvider(LoggingSystem.class).getIfAvailable();
		return (system != null) ? LogLevels.of(system) : Map.of();
	}

	private static List<String> imports(Class<?> worker) {
		VimapWorker annotation = worker.getAnnotation(VimapWorker.class);
		return (annotation != null) ? Arrays.stream(annotation.imports()).map(Class::getName).toList() : List.of();
	}

	/** Without the type variables that an abstract base class may leave in the type. */
	private static Type javaType(ResolvableType type) {
		if (!type.hasGenerics()) {
			return type.toClass();
		}
		ResolvableType[] generics = Arrays.stream(type.getGenerics())
			.map((generic) -> ResolvableType.forType(javaType(generic)))
			.toArray(ResolvableType[]::new);
		return ResolvableType.forClassWithGenerics(type.toClass(), generics).getType();
	}

}
