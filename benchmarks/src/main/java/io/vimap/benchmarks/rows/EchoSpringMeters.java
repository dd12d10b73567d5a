package io.vimap.benchmarks.rows;

import java.util.List;

import io.vimap.benchmarks.Effort;
import io.vimap.benchmarks.Result;
import io.vimap.benchmarks.Row;

/**
 * What the meters of the Spring module cost.
 */
public final class EchoSpringMeters implements Row {

	@Override
	public String name() {
		return "echo-spring-meters";
	}

	@Override
	public List<Result> measure(Effort effort) {
		return List.of(Result.none(name(), "waits for the Spring module"));
	}

}
