package io.vimap.boot.child;

import java.util.Map;

import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import io.micrometer.tracing.test.simple.SimpleTracer;
import io.vimap.worker.ContextualWorker;
import io.vimap.worker.Worker;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

class TaskContextsTests {

	@Test
	void loggingContextOfTheCallerIsInForceOnlyWhileTheWorkerRuns() throws Exception {
		ContextualWorker<String, String> worker = (ContextualWorker<String, String>) SpringWorkers
			.create(MdcWorker.class);
		assertThat(worker.process("", Map.of("traceId", "abc"))).isEqualTo("abc");
		assertThat(MDC.get("traceId")).isNull();
		assertThat(worker.process("", Map.of())).isEqualTo("null");
	}

	@Test
	void traceOfTheCallerGoesOnInTheChild() throws Exception {
		ContextualWorker<String, String> worker = (ContextualWorker<String, String>) SpringWorkers
			.create(TracedWorker.class, TracingConfiguration.class);
		String traceId = worker.process("",
				Map.of("user", "me", "vimap:traceparent", "4bf92f3577b34da6-00f067aa0ba902b7"));
		assertThat(traceId).isEqualTo("4bf92f3577b34da6 {user=me}");
		assertThat(TracingConfiguration.tracer.getSpans()).singleElement().satisfies((span) -> {
			assertThat(span.getName()).isEqualTo("vimap.task");
			assertThat(span.getTags()).containsEntry("vimap.pool", "tested");
			assertThat(span.getEndTimestamp()).isNotNull();
		});
		assertThatException().isThrownBy(() -> worker.process("fail", Map.of()));
		assertThat(TracingConfiguration.tracer.lastSpan().getError()).hasMessage("told to");
	}

	static class MdcWorker implements Worker<String, String> {

		@Override
		public String process(String input) {
			return String.valueOf(MDC.get("traceId"));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TracingConfiguration {

		static SimpleTracer tracer;

		@Bean
		Tracer tracer() {
			tracer = new SimpleTracer();
			return tracer;
		}

		@Bean
		Propagator propagator(Tracer tracer) {
			return new TestPropagator(tracer);
		}

	}

	static class TracedWorker implements Worker<String, String> {

		private final Tracer tracer;

		TracedWorker(Tracer tracer) {
			this.tracer = tracer;
		}

		@Override
		public String process(String input) {
			if (input.equals("fail")) {
				throw new IllegalStateException("told to");
			}
			return this.tracer.currentSpan().context().traceId() + " " + MDC.getCopyOfContextMap();
		}

	}

}
