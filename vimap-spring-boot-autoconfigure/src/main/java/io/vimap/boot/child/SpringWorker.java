package io.vimap.boot.child;

import java.util.Map;

import io.vimap.worker.ContextualWorker;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.ClassUtils;

/**
 * A worker that is a bean: lives and ends with its application context. While it runs,
 * the logging context of its caller is in force, and its caller's trace if there is a
 * tracer in the child.
 *
 * @param <I> the type of an input
 * @param <O> the type of an output
 */
final class SpringWorker<I extends @Nullable Object, O extends @Nullable Object> implements ContextualWorker<I, O> {

	private final ConfigurableApplicationContext application;

	private final Worker<I, O> worker;

	private final @Nullable TaskScope tracing;

	SpringWorker(ConfigurableApplicationContext application, Worker<I, O> worker) {
		this.application = application;
		this.worker = worker;
		this.tracing = ClassUtils.isPresent("io.micrometer.tracing.Tracer", application.getClassLoader())
				? TracedTaskScope.find(application, application.getBean(WorkerContext.class).pool()) : null;
	}

	@Override
	public void init(WorkerContext context) throws Exception {
		try {
			this.worker.init(this.application.getBean(WorkerContext.class));
		}
		catch (Exception | Error ex) {
			this.application.close();
			throw ex;
		}
	}

	@Override
	public O process(I input, Map<String, String> taskContext) throws Exception {
		Map<String, String> before = MDC.getCopyOfContextMap();
		if (!taskContext.isEmpty()) {
			TaskContexts.enter(taskContext);
		}
		try {
			return trace(input, taskContext);
		}
		finally {
			TaskContexts.leave(before);
		}
	}

	private O trace(I input, Map<String, String> taskContext) throws Exception {
		TaskScope scope = this.tracing;
		return (scope != null) ? scope.run(taskContext, () -> delegate(input, taskContext))
				: delegate(input, taskContext);
	}

	private O delegate(I input, Map<String, String> taskContext) throws Exception {
		if (this.worker instanceof ContextualWorker<I, O> contextual) {
			return contextual.process(input, taskContext);
		}
		return this.worker.process(input);
	}

	@Override
	public void cleanup() throws Exception {
		try {
			this.worker.cleanup();
		}
		finally {
			this.application.close();
		}
	}

}
