package io.vimap.boot.child;

import java.util.List;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import io.micrometer.tracing.test.simple.SimpleSpanBuilder;
import io.micrometer.tracing.test.simple.SimpleTraceContext;
import io.micrometer.tracing.test.simple.SimpleTracer;

/**
 * Carries trace id and span id in one field.
 */
public class TestPropagator implements Propagator {

	private final SimpleTracer tracer;

	public TestPropagator(Tracer tracer) {
		this.tracer = (SimpleTracer) tracer;
	}

	@Override
	public List<String> fields() {
		return List.of("traceparent");
	}

	@Override
	public <C> void inject(TraceContext context, C carrier, Setter<C> setter) {
		setter.set(carrier, "traceparent", context.traceId() + "-" + context.spanId());
	}

	@Override
	public <C> Span.Builder extract(C carrier, Getter<C> getter) {
		Span.Builder builder = new SimpleSpanBuilder(this.tracer);
		String value = getter.get(carrier, "traceparent");
		if (value == null) {
			return builder;
		}
		SimpleTraceContext parent = new SimpleTraceContext();
		parent.setTraceId(value.substring(0, value.indexOf('-')));
		parent.setSpanId(value.substring(value.indexOf('-') + 1));
		return builder.setParent(parent);
	}

}
