package io.vimap.boot.autoconfigure;

import java.util.HashMap;
import java.util.Map;

import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import io.vimap.boot.child.TaskContexts;

/**
 * Captures the logging context and the current trace, in the fields of the application's
 * propagator ({@code traceparent} by default).
 */
final class TracedTaskContextSource implements TaskContextSource {

	private final Tracer tracer;

	private final Propagator propagator;

	TracedTaskContextSource(Tracer tracer, Propagator propagator) {
		this.tracer = tracer;
		this.propagator = propagator;
	}

	@Override
	public Map<String, String> get() {
		Map<String, String> entries = TaskContexts.capture();
		TraceContext trace = this.tracer.currentTraceContext().context();
		if (trace == null) {
			return entries;
		}
		Map<String, String> all = new HashMap<>(entries);
		this.propagator.inject(trace, all, (carrier, field, value) -> {
			if (carrier != null) {
				carrier.put(TaskContexts.PREFIX + field, value);
			}
		});
		return all;
	}

}
