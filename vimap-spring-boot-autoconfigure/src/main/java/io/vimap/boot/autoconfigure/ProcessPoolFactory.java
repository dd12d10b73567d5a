package io.vimap.boot.autoconfigure;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import io.vimap.boot.InvalidPoolException;
import io.vimap.boot.ManagedProcessPool;
import io.vimap.boot.PoolOptionsCustomizer;
import io.vimap.boot.ProcessPoolDefinition;
import io.vimap.boot.WorkerFactoryCustomizer;
import io.vimap.boot.client.ClientCall;
import io.vimap.boot.client.ClientCodec;
import io.vimap.boot.client.ClientProxy;
import io.vimap.boot.child.LogLevels;
import io.vimap.boot.child.LogSettings;
import io.vimap.boot.child.ResolvedProperties;
import io.vimap.boot.child.SpringWorkerFactory;
import io.vimap.pool.OutputMode;
import io.vimap.pool.PoolListener;
import io.vimap.pool.PoolMode;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.protocol.PayloadCodecs;
import io.vimap.worker.WorkerFactory;
import io.vimap.worker.WorkerSpec;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.AotDetector;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.NativeDetector;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.ClassUtils;

/**
 * Makes the pools. Everything that can be wrong with a pool's properties is found when
 * its bean is created; what concerns the moment (the properties for the children, the
 * levels of loggers) is taken each time it starts.
 */
class ProcessPoolFactory {

	private final VimapProperties properties;

	private final ConfigurableEnvironment environment;

	private final ListableBeanFactory beanFactory;

	private final ProcessPoolForker forker;

	private final BindingCheck binding;

	/**
	 * Creates a factory for the pools of one application.
	 * @param properties what is configured
	 * @param environment where it comes from
	 * @param beanFactory the application's beans, among them those of the pools
	 * @param forker starts the pools
	 * @throws InvalidPoolException if the application was processed ahead of time, and
	 * its properties want other pools than it had then
	 */
	ProcessPoolFactory(VimapProperties properties, ConfigurableEnvironment environment,
			ConfigurableListableBeanFactory beanFactory, ProcessPoolForker forker) {
		this.properties = properties;
		this.environment = environment;
		this.beanFactory = beanFactory;
		this.forker = forker;
		this.binding = new BindingCheck(environment);
		if (AotDetector.useGeneratedArtifacts()) {
			new AheadOfTimeCheck(properties, environment, beanFactory).check();
		}
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
		this.binding.check(name, origins);
		VimapProperties.Pool pool = this.properties.find(name);
		PoolOptionsMapper mapper = new PoolOptionsMapper(name, pool, this.properties.getDefaults(), origins);
		PoolOptions options = mapper.map().build();
		checkCodec(options, origins);
		List<InitArgs> initArgs = new ProcessCount(name, pool, mapper, origins).apply(InitArgs.of(name, origins));
		InitArgsCheck check = new InitArgsCheck(name, worker, new WorkerBeans(this.beanFactory, worker));
		initArgs.stream().distinct().forEach(check::check);
		Duration startLimit = options.startTimeout().plus(options.initTimeout());
		PoolTypes types = PoolTypes.of(name, worker);
		checkClient(types, options);
		Supplier<ProcessPool<Object, Object>> engine = () -> fork(worker, initArgs, types,
				customize(name, mapper.map()).build());
		return new ManagedProcessPool<>(new ProcessPoolDefinition<>(name, types.input(), types.output(),
				initArgs.size(), mapper.get(PoolSettings::getAutoStart, true),
				mapper.get(PoolSettings::getRequired, true), startLimit, engine));
	}

	/**
	 * Creates the client of a pool.
	 * @param name the pool's name
	 * @param client the interface
	 * @param <C> the interface
	 * @return a proxy that calls the pool
	 */
	@SuppressWarnings("unchecked")
	<C> C createClient(String name, Class<C> client) {
		ProcessPool<ClientCall<C>, @Nullable Object> pool = this.beanFactory.getBean(name, ProcessPool.class);
		return ClientProxy.create(client, pool);
	}

	private static void checkCodec(PoolOptions options, PoolProperties origins) {
		try {
			PayloadCodecs.byName(options.codec(), classLoader());
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidPoolException(options.name(), "the value of 'codec' is not allowed.",
					String.valueOf(ex.getMessage()), origins.find("codec"), ex);
		}
	}

	private void checkClient(PoolTypes types, PoolOptions options) {
		if (types.client() != null) {
			try {
				ClientCodec.check(types.client(), options.codec(), classLoader());
			}
			catch (IllegalArgumentException ex) {
				throw new InvalidPoolException(options.name(),
						"its client " + types.client().getName() + " can't be called: " + ex.getMessage(),
						"Correct the method, or name a codec of your own that knows the type in 'vimap.pools."
								+ options.name() + ".codec'.",
						null, ex);
			}
		}
	}

	private static ClassLoader classLoader() {
		return Objects.requireNonNull(ClassUtils.getDefaultClassLoader());
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

	private ProcessPool<Object, Object> fork(Class<?> worker, List<InitArgs> initArgs, PoolTypes types,
			PoolOptions options) {
		Class<?> client = types.client();
		try {
			if (client == null) {
				return this.forker
					.fork(specs(worker, initArgs, javaType(types.input()), javaType(types.output()), options), options);
			}
			Type calls = ClientCodec.calls(client, options.codec(), classLoader());
			Type results = ClientCodec.results(client, options.codec(), classLoader());
			return this.forker.fork(specs(worker, initArgs, calls, results, options),
					options.toBuilder().codec(ClientCodec.class.getName()).build());
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidPoolException(options.name(), String.valueOf(ex.getMessage()),
					"Correct the declaration of " + worker.getName() + " or the properties of the pool.", null, ex);
		}
	}

	private List<WorkerSpec<Object, Object>> specs(Class<?> worker, List<InitArgs> initArgs, Type input, Type output,
			PoolOptions options) {
		ResolvedProperties resolved = ResolvedProperties.of(this.environment);
		LogSettings logging = logging(options);
		List<String> imports = WorkerBeans.imports(worker).stream().map(Class::getName).toList();
		List<String> packages = AutoConfigurationPackages.has(this.beanFactory)
				? AutoConfigurationPackages.get(this.beanFactory) : Collections.emptyList();
		List<WorkerFactoryCustomizer> customizers = this.beanFactory.getBeanProvider(WorkerFactoryCustomizer.class)
			.orderedStream()
			.toList();
		List<WorkerSpec<Object, Object>> specs = new ArrayList<>();
		for (InitArgs args : initArgs) {
			WorkerFactory<Object, Object> factory = SpringWorkerFactory.of(worker.getName(), imports, packages,
					resolved, args.values(), logging);
			for (WorkerFactoryCustomizer customizer : customizers) {
				factory = customizer.customize(options.name(), factory);
			}
			specs.add(WorkerSpec.of(factory).types(input, output));
		}
		return specs;
	}

	private @Nullable LogSettings logging(PoolOptions options) {
		if (options.mode() == PoolMode.SERIAL) {
			return null;
		}
		LoggingSystem system = this.beanFactory.getBeanProvider(LoggingSystem.class).getIfAvailable();
		return new LogSettings((system != null) ? LogLevels.of(system) : Map.of(), options.output() == OutputMode.LOG);
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
