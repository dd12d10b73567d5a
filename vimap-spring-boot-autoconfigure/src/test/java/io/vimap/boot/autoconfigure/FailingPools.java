package io.vimap.boot.autoconfigure;

import java.util.stream.Stream;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Starts applications with a pool that can't be made, and has the failure explained.
 */
final class FailingPools {

	final FakeForker forker = new FakeForker();

	final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ProcessPoolAutoConfiguration.class))
		.withBean(ProcessPoolForker.class, () -> this.forker);

	FailureAnalysis analyzeWorker(Class<?> worker) {
		return analyze("worker=" + worker.getName());
	}

	FailureAnalysis analyze(String... properties) {
		return analyze(this.runner.withPropertyValues(
				Stream.of(properties).map((property) -> "vimap.pools.bad." + property).toArray(String[]::new)));
	}

	FailureAnalysis analyze(ApplicationContextRunner runner) {
		FailureAnalysis[] analysis = new FailureAnalysis[1];
		runner.run((context) -> {
			assertThat(context).hasFailed();
			analysis[0] = new InvalidPoolFailureAnalyzer().analyze(context.getStartupFailure());
			assertThat(analysis[0]).as("Analysis of %s", context.getStartupFailure()).isNotNull();
		});
		return analysis[0];
	}

}
