package io.vimap.benchmarks.jmh;

import java.util.concurrent.TimeUnit;

import io.vimap.benchmarks.workers.Order;
import io.vimap.protocol.AutoCodec;
import io.vimap.protocol.PayloadBuffer;
import io.vimap.protocol.ValueCodec;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Writing and reading one value with the codec that pools use by default.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class CodecBenchmarks {

	/** What is written and read. */
	public enum Kind {

		/** A number. */
		INTEGER(Integer.class, 123_456),

		/** A text without anything special. */
		SHORT_TEXT(String.class, "order-4711"),

		/** A text with letters that are no ASCII. */
		UNICODE_TEXT(String.class, "Größe: 12 µm — ολα καλα"),

		/** Bytes. */
		BYTES_1K(byte[].class, new byte[1024]),

		/** A record with four fields, as JSON. */
		RECORD(Order.class, Order.of(4711));

		private final Class<?> type;

		@SuppressWarnings("ImmutableEnumChecker") // nothing changes it
		private final Object value;

		Kind(Class<?> type, Object value) {
			this.type = type;
			this.value = value;
		}

	}

	/** Set by JMH. */
	@Param
	private Kind kind = Kind.INTEGER;

	private final PayloadBuffer out = new PayloadBuffer(4 * 1024);

	private final PayloadBuffer encoded = new PayloadBuffer(4 * 1024);

	private ValueCodec codec = new AutoCodec().prepare(Integer.class);

	/**
	 * Makes the bytes that {@link #decode} reads.
	 * @throws Exception never
	 */
	@Setup
	public void prepare() throws Exception {
		this.codec = new AutoCodec().prepare(this.kind.type);
		this.encoded.truncate(0);
		this.codec.encode(this.kind.value, this.encoded);
	}

	/**
	 * Writes a value.
	 * @return its bytes
	 * @throws Exception never
	 */
	@Benchmark
	public int encode() throws Exception {
		this.out.truncate(0);
		this.codec.encode(this.kind.value, this.out);
		return this.out.size();
	}

	/**
	 * Reads a value.
	 * @return the value
	 * @throws Exception never
	 */
	@Benchmark
	public @Nullable Object decode() throws Exception {
		return this.codec.decode(this.encoded.array(), 0, this.encoded.size());
	}

}
