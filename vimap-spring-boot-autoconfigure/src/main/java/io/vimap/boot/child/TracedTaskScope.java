package io.vimap.boot.child;

import java.util.Map;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;

/**
 * Continues the caller's trace: each task is a span, and so are what the worker begins
 * within it. Needs a {@link Tracer} in the child's own context.
 */
final class TracedTaskScope implements TaskScope {

	private final Tracer tracer;

	private final Propagator propagator;

	private final String pool;

	private TracedTaskScope(Tracer tracer, Propagator propagator, String pool) {
		this.tracer = tracer;
		this.propagator = propagator;
		this.pool = pool;
	}

	static @Nullable TaskScope find(ListableBeanFactory beans, String pool) {
		Tracer tracer = beans.getBeanProvider(Tracer.class).getIfUnique();
		Propagator propagator = beans.getBeanProvider(Propagator.class).getIfUnique();
		return (tracer != null && propagator != null) ? new TracedTaskScope(tracer, propagator, pool) : null;
	}

	@Override
	public <O> O run(Map<String, String> taskContext, Task<O> task) throws Exception {
		Span span = this.propagator.extract(taskContext, (carrier, field) -> carrier.get(TaskContexts.PREFIX + field))
			.name("vimap.task")
			.tag("vimap.pool", this.pool)
			.start();
		try (Tracer.SpanInScope scope = this.tracer.withSpan(span)) {
			return task.run();
		}
		catch (Exception | Error ex) {
			span.error(ex);
			throw ex;
		}
		finally {
			span.end();
		}
	}

}
