package io.vimap.protocol;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import com.fasterxml.jackson.annotation.JsonIdentityInfo;
import com.fasterxml.jackson.annotation.ObjectIdGenerators;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.ser.std.StdSerializer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JsonValueCodec}: what one value leaves behind does not reach the next.
 */
class JsonCodecReuseTests {

	private final AutoCodec codec = new AutoCodec(getClass().getClassLoader());

	@Test
	void identitiesOfOneValueDoNotLeakIntoTheNext() throws Exception {
		ValueCodec nodes = this.codec.prepare(Identified.class);
		Identified shared = Identified.named("shared");
		for (int i = 0; i < 3; i++) {
			Identified copy = (Identified) AutoCodecTests.roundTrip(nodes, shared);
			assertThat(copy).isNotSameAs(shared);
			assertThat(copy.name).isEqualTo("shared");
		}
		Identified cyclic = Identified.named("cyclic");
		cyclic.next = cyclic;
		Identified copy = (Identified) AutoCodecTests.roundTrip(nodes, cyclic);
		assertThat(copy.next).isSameAs(copy);
	}

	@Test
	void failureDoesNotDisturbTheNextValue() throws Exception {
		ValueCodec points = this.codec.prepare(Point.class);
		ValueCodec failing = this.codec.prepare(FailsWhenNegative.class);
		byte[] broken = " {\"x\":1,\"y\":[[[".getBytes();
		broken[0] = SimpleValues.JSON;
		for (int i = 0; i < 50; i++) {
			int negative = -1 - i;
			assertThatExceptionOfType(ProtocolException.class)
				.isThrownBy(() -> failing.encode(new FailsWhenNegative(5, negative), new PayloadBuffer(16)))
				.withMessageContaining("negative")
				.withMessageContaining("\"second\"");
			assertThatExceptionOfType(ProtocolException.class)
				.isThrownBy(() -> points.decode(broken, 0, broken.length));
			PayloadBuffer small = new PayloadBuffer(16);
			small.limitTo(10, null);
			assertThatExceptionOfType(PayloadTooLargeException.class)
				.isThrownBy(() -> points.encode(new Point(123456, 123456), small));
			assertThat(AutoCodecTests.roundTrip(points, new Point(i, -i))).isEqualTo(new Point(i, -i));
		}
	}

	@Test
	void serializerThatLeavesItsArrayOpenDoesNotDisturbTheNextValue() throws Exception {
		ValueCodec sloppy = this.codec.prepare(Sloppy.class);
		PayloadBuffer out = new PayloadBuffer(16);
		sloppy.encode(new Sloppy(), out);
		assertThat(new String(out.array(), 1, out.size() - 1)).isEqualTo("[1]");
		ValueCodec points = this.codec.prepare(Point.class);
		assertThat(AutoCodecTests.roundTrip(points, new Point(1, 2))).isEqualTo(new Point(1, 2));
	}

	@Test
	void codecIsUsedWithinItself() throws Exception {
		ValueCodec reentrant = this.codec.prepare(Reentrant.class);
		assertThat(AutoCodecTests.roundTrip(reentrant, new Reentrant(5))).isEqualTo(new Reentrant(5));
	}

	@Test
	void manyThreadsShareIt() throws Exception {
		ValueCodec points = this.codec.forType(new TypeReference<List<Point>>() {
		}.getType());
		ExecutorService threads = Executors.newFixedThreadPool(8);
		try {
			List<Callable<Boolean>> jobs = Collections.nCopies(16, () -> {
				for (int i = 0; i < 2000; i++) {
					List<Point> value = List.of(new Point(i, (int) Thread.currentThread().getId()), new Point(-i, i));
					if (!value.equals(AutoCodecTests.roundTrip(points, value))) {
						return false;
					}
				}
				return true;
			});
			for (Future<Boolean> each : threads.invokeAll(jobs)) {
				assertThat(each.get()).isTrue();
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	record Point(int x, int y) {
	}

	@JsonIdentityInfo(generator = ObjectIdGenerators.IntSequenceGenerator.class)
	static class Identified {

		public String name = "";

		public @Nullable Identified next;

		static Identified named(String name) {
			Identified identified = new Identified();
			identified.name = name;
			return identified;
		}

	}

	record FailsWhenNegative(int first, int second) {

		@Override
		public int second() {
			if (this.second < 0) {
				throw new IllegalStateException("negative");
			}
			return this.second;
		}

	}

	@JsonSerialize(using = SloppySerializer.class)
	static class Sloppy {

	}

	static class SloppySerializer extends StdSerializer<Sloppy> {

		SloppySerializer() {
			super(Sloppy.class);
		}

		@Override
		public void serialize(Sloppy value, JsonGenerator generator, SerializationContext context) {
			generator.writeStartArray();
			generator.writeNumber(1);
		}

	}

	record Reentrant(int value) {

		private static final ValueCodec POINTS = new AutoCodec().prepare(Point.class);

		Reentrant {
			send(value);
		}

		@Override
		public int value() {
			return send(this.value);
		}

		private static int send(int value) {
			try {
				return ((Point) AutoCodecTests.roundTrip(POINTS, new Point(value, 1))).x();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
