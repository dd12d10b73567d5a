package io.vimap.boot.child;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.vimap.worker.WorkerContext;

import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.env.RandomValuePropertySource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.ClassUtils;

/**
 * Builds the application context of a worker process. Not a {@code SpringApplication}: a
 * child has no use for its listeners and runners, and starts in half the time without.
 */
final class ChildContextBuilder {

	static final String ARGS_PREFIX = "worker.args";

	static final String WORKER_BEAN_NAME = "vimapWorker";

	private final ClassLoader classLoader;

	private final ConfigurableEnvironment environment = new StandardEnvironment();

	ChildContextBuilder(ResolvedProperties properties, Map<String, String> initArgs, ClassLoader classLoader) {
		this.classLoader = classLoader;
		properties.applyTo(this.environment);
		Map<String, Object> own = new LinkedHashMap<>();
		// An import that leads back to the application must not fork pools within pools.
		own.put("vimap.enabled", false);
		initArgs.forEach((name, value) -> own.put(argName(name), value));
		this.environment.getPropertySources().addFirst(new MapPropertySource("vimapWorker", own));
		RandomValuePropertySource.addToEnvironment(this.environment);
		this.environment.setConversionService(new ApplicationConversionService());
		ConfigurationPropertySources.attach(this.environment);
	}

	private static String argName(String name) {
		return name.startsWith("[") ? ARGS_PREFIX + name : ARGS_PREFIX + "." + name;
	}

	ConfigurableEnvironment environment() {
		return this.environment;
	}

	/**
	 * Builds and starts the context.
	 * @param worker the name of the worker class
	 * @param imports the names of the classes to import
	 * @param packages the packages of the application
	 * @param workerContext what the engine tells the worker
	 * @return a running context
	 * @throws ClassNotFoundException if the worker class is not on this process's class
	 * path
	 */
	AnnotationConfigApplicationContext build(String worker, List<String> imports, List<String> packages,
			WorkerContext workerContext) throws ClassNotFoundException {
		Class<?> workerClass = ClassUtils.forName(worker, this.classLoader);
		AnnotationConfigApplicationContext application = new AnnotationConfigApplicationContext();
		application.setId(workerContext.pool() + "-" + workerContext.index());
		application.setEnvironment(this.environment);
		application.setClassLoader(this.classLoader);
		application.setAllowBeanDefinitionOverriding(allows("spring.main.allow-bean-definition-overriding"));
		application.setAllowCircularReferences(allows("spring.main.allow-circular-references"));
		application.getBeanFactory().setConversionService(this.environment.getConversionService());
		Binder binder = binder();
		SpringWorkerContext context = new SpringWorkerContext(workerContext, binder);
		application.getBeanFactory().registerSingleton("vimapWorkerContext", context);
		application.getBeanFactory()
			.registerSingleton(WorkerImportSelector.IMPORTS_BEAN_NAME, new WorkerImportSelector.Imports(imports));
		if (!packages.isEmpty()) {
			AutoConfigurationPackages.register(application, packages.toArray(String[]::new));
		}
		application.register(ChildConfiguration.class);
		// A bean, so that it comes after those with an order. One of them resolves
		// placeholders in bean definitions, but init args have been resolved.
		application.getBeanFactory()
			.registerSingleton("vimapWorkerBeanRegistrar", new WorkerBeanRegistrar(workerClass, binder));
		application.addBeanFactoryPostProcessor(LazyMessageSource::register);
		application.refresh();
		return application;
	}

	/** What holds for the application's beans holds for the slice of them. */
	private boolean allows(String property) {
		return this.environment.getProperty(property, Boolean.class, false);
	}

	/** Not {@code Binder.get}: that would set up a second conversion service. */
	private Binder binder() {
		return new Binder(ConfigurationPropertySources.get(this.environment),
				new PropertySourcesPlaceholdersResolver(this.environment), this.environment.getConversionService());
	}

}
