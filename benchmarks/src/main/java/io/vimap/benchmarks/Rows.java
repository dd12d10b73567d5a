package io.vimap.benchmarks;

import java.util.List;

import io.vimap.benchmarks.rows.Callers64;
import io.vimap.benchmarks.rows.Cpu1Ms;
import io.vimap.benchmarks.rows.EchoInt;
import io.vimap.benchmarks.rows.EchoJson;
import io.vimap.benchmarks.rows.EchoSpringMeters;
import io.vimap.benchmarks.rows.Idle;
import io.vimap.benchmarks.rows.Memory10M;
import io.vimap.benchmarks.rows.Payload1Mib;
import io.vimap.benchmarks.rows.Pools16;
import io.vimap.benchmarks.rows.ReplaceKilled;
import io.vimap.benchmarks.rows.RoundTrip;
import io.vimap.benchmarks.rows.Skew;
import io.vimap.benchmarks.rows.SlowConsumer;
import io.vimap.benchmarks.rows.StartToReady;
import io.vimap.benchmarks.rows.Workers200;

/**
 * All rows, in the order in which they run.
 */
final class Rows {

	static final List<Row> ALL = List.of(new EchoInt(), new EchoJson(), new EchoSpringMeters(), new RoundTrip(),
			new Callers64(), new Payload1Mib(), new Cpu1Ms(), new Skew(), new SlowConsumer(), new Memory10M(),
			new Idle(), new Workers200(), new ReplaceKilled(), new Pools16(), new StartToReady());

	private Rows() {
	}

	static Row byName(String name) {
		return ALL.stream()
			.filter((row) -> row.name().equals(name))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("There is no row and no option '" + name + "'. Rows: "
					+ String.join(", ", ALL.stream().map(Row::name).toList())
					+ "; options behind --offline and --no-build: --smoke, --repetitions N, --list"));
	}

}
