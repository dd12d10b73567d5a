package io.vimap.boot.child;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.vimap.boot.client.ClientWorker;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerContext;
import io.vimap.worker.WorkerFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/**
 * Builds a worker in its own process, as a bean of an application context that has the
 * parent's properties and the imported slice of the application. Travels to the child by
 * Java serialization and so holds nothing but names and values.
 *
 * @param <I> the type of an input
 * @param <O> the type of an output
 */
public final class SpringWorkerFactory<I extends @Nullable Object, O extends @Nullable Object>
		implements WorkerFactory<I, O> {

	private static final long serialVersionUID = 1L;

	private final String worker;

	private final ArrayList<String> imports;

	private final ArrayList<String> packages;

	private final ResolvedProperties properties;

	private final LinkedHashMap<String, String> initArgs;

	private final @Nullable LogSettings logging;

	private SpringWorkerFactory(String worker, List<String> imports, List<String> packages,
			ResolvedProperties properties, Map<String, String> initArgs, @Nullable LogSettings logging) {
		this.worker = worker;
		this.imports = new ArrayList<>(imports);
		this.packages = new ArrayList<>(packages);
		this.properties = properties;
		this.initArgs = new LinkedHashMap<>(initArgs);
		this.logging = logging;
	}

	/**
	 * Creates a factory.
	 * @param worker the name of the worker class
	 * @param imports the names of the classes to import into its context
	 * @param packages the packages of the application, for what scans them
	 * @param properties the properties of its context
	 * @param initArgs the init args, flat and without their prefix
	 * @param logging how to log, or {@code null} to leave logging alone because the
	 * process belongs to someone else
	 * @param <I> the type of an input
	 * @param <O> the type of an output
	 * @return a new factory
	 */
	public static <I extends @Nullable Object, O extends @Nullable Object> SpringWorkerFactory<I, O> of(String worker,
			List<String> imports, List<String> packages, ResolvedProperties properties, Map<String, String> initArgs,
			@Nullable LogSettings logging) {
		return new SpringWorkerFactory<>(worker, imports, packages, properties, initArgs, logging);
	}

	@Override
	public Worker<I, O> create(WorkerContext context) throws Exception {
		ClassLoader classLoader = classLoader();
		LogSettings settings = this.logging;
		if (settings != null) {
			ChildLogging.claim();
		}
		ChildContextBuilder builder = new ChildContextBuilder(this.properties, this.initArgs, classLoader);
		if (settings != null) {
			ChildLogging childLogging = new ChildLogging(builder.environment(), classLoader, settings);
			childLogging.initialize();
			context.onSignal(LogLevels.SIGNAL, childLogging::apply);
		}
		AnnotationConfigApplicationContext application = builder.build(this.worker, this.imports, this.packages,
				context);
		return new SpringWorker<>(application, workerOf(application));
	}

	private static ClassLoader classLoader() {
		ClassLoader loader = Thread.currentThread().getContextClassLoader();
		return (loader != null) ? loader : SpringWorkerFactory.class.getClassLoader();
	}

	@SuppressWarnings("unchecked")
	private Worker<I, O> workerOf(AnnotationConfigApplicationContext application) {
		Object bean = application.getBean(ChildContextBuilder.WORKER_BEAN_NAME);
		// The parent has derived the types of the pool from the class of this very bean.
		return (Worker<I, O>) ((bean instanceof Worker<?, ?> worker) ? worker : new ClientWorker(bean));
	}

}
