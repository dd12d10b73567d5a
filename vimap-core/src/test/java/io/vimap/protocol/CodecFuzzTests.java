package io.vimap.protocol;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;

import com.sun.management.ThreadMXBean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever bytes arrive, decoding ends with a value of the declared type or a
 * {@link ProtocolException}, and allocates no more than the bytes justify.
 */
@Timeout(300)
class CodecFuzzTests {

	private static final int ROUNDS = 40_000;

	/** Exceptions with their frames, class loading, growth of buffers. */
	private static final long FIXED_ALLOCATION = 2_000_000;

	private static final long ALLOCATION_PER_BYTE = 400;

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final long seed = System.nanoTime();

	private final Random random = new Random(this.seed);

	private final AutoCodec codec = new AutoCodec(getClass().getClassLoader());

	private final Map<Type, ValueCodec> codecs = new HashMap<>();

	@BeforeEach
	void printSeed() {
		System.out.println("seed " + this.seed);
	}

	@Test
	void throwables() {
		List<byte[]> corpus = new ArrayList<>();
		Exception suppressing = new IllegalStateException("outer", new IOException("inner ü 漢"));
		suppressing.addSuppressed(new Error("suppressed", new RuntimeException()));
		for (Throwable each : List.of(new Exception(), new Exception("m"), suppressing, new StackOverflowError())) {
			each.setStackTrace(Arrays.copyOf(each.getStackTrace(), 5));
			PayloadBuffer out = new PayloadBuffer(64);
			ThrowableCodec.encode(each, out);
			corpus.add(Arrays.copyOf(out.array(), out.size()));
		}
		int decoded = 0;
		for (int i = 0; i < ROUNDS; i++) {
			byte[] bytes = mutation(corpus);
			if (decode(CodecFuzzTests::rebuilt, bytes, i) != null) {
				decoded++;
			}
		}
		assertThat(decoded).isGreaterThan(0);
	}

	private static Object rebuilt(byte[] bytes) {
		DecodedThrowable decoded = ThrowableCodec.decode(bytes, 0, bytes.length);
		return ThrowableRebuilder.rebuild(decoded, CodecFuzzTests.class.getClassLoader(),
				(className, message, cause) -> new RuntimeException(className + message, cause));
	}

	@Test
	void declaredTypes() throws Exception {
		Map<Class<?>, Object> samples = Map.of(Integer.class, 1, String.class, "text ü \uD800", long[].class,
				new long[] { 1, 2 }, Boolean.class, true, Sample.class, Sample.INSTANCE, BigDecimal.class,
				new BigDecimal("1E+10"), Color.class, Color.RED);
		List<byte[]> corpus = new ArrayList<>();
		for (Map.Entry<Class<?>, Object> each : samples.entrySet()) {
			corpus.add(encoded(each.getKey(), each.getValue()));
		}
		corpus.add(encoded(AutoCodec.ERASED, new ArrayList<>(List.of("x"))));
		List<Class<?>> types = List.copyOf(samples.keySet());
		int decoded = 0;
		for (int i = 0; i < ROUNDS; i++) {
			Class<?> type = types.get(this.random.nextInt(types.size()));
			ValueCodec each = this.codecs.computeIfAbsent(type, this.codec::forType);
			Object value = decode((source) -> each.decode(source, 0, source.length), mutation(corpus), i);
			if (value != null) {
				assertThat(value).as(() -> "seed " + this.seed).isInstanceOf(type);
				decoded++;
			}
		}
		assertThat(decoded).isGreaterThan(0);
	}

	@Test
	void erasedTypes() throws Exception {
		List<byte[]> corpus = new ArrayList<>();
		for (Object each : List.of(new ArrayList<>(List.of("x", 1, 2L)),
				new HashMap<>(Map.of("k", new LinkedHashSet<>(List.of(1, 2)))),
				new Object[] { 1, new int[] { 2, 3 }, new String[] { "a" } }, Instant.now(), new BigDecimal("1.5"),
				Color.RED, new IllegalStateException("m"))) {
			corpus.add(encoded(AutoCodec.ERASED, each));
		}
		ValueCodec erased = this.codec.forType(AutoCodec.ERASED);
		int decoded = 0;
		for (int i = 0; i < ROUNDS; i++) {
			if (decode((source) -> erased.decode(source, 0, source.length), mutation(corpus), i) != null) {
				decoded++;
			}
		}
		assertThat(decoded).isGreaterThan(0);
	}

	private byte[] encoded(Type type, Object value) throws Exception {
		PayloadBuffer out = new PayloadBuffer(64);
		this.codec.forType(type).encode(value, out);
		return Arrays.copyOf(out.array(), out.size());
	}

	private @Nullable Object decode(Decoder decoder, byte[] bytes, int round) {
		long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
		Object value = null;
		ProtocolException refusal = null;
		try {
			value = decoder.decode(bytes);
		}
		catch (ProtocolException ex) {
			refusal = ex;
		}
		catch (Throwable ex) {
			throw new AssertionError("seed " + this.seed + ", round " + round + ": " + Arrays.toString(bytes), ex);
		}
		long allocated = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
		if (allocated > FIXED_ALLOCATION + ALLOCATION_PER_BYTE * bytes.length) {
			throw new AssertionError("seed " + this.seed + ", round " + round + ": " + allocated
					+ " bytes allocated for " + Arrays.toString(bytes));
		}
		if (refusal != null) {
			assertThat(refusal.getMessage()).isNotEmpty();
		}
		return value;
	}

	/** Flips, overwrites, cuts, repeats and splices. */
	private byte[] mutation(List<byte[]> corpus) {
		byte[] bytes = corpus.get(this.random.nextInt(corpus.size())).clone();
		int changes = this.random.nextInt(4);
		for (int i = 0; i < changes && bytes.length > 0; i++) {
			int at = this.random.nextInt(Math.min(bytes.length, (this.random.nextInt(3) == 0) ? 8 : Integer.MAX_VALUE));
			switch (this.random.nextInt(7)) {
				case 0 -> bytes[at] ^= (byte) (1 << this.random.nextInt(8));
				case 1 -> bytes[at] = (byte) this.random.nextInt();
				case 2 -> bytes[at] = new byte[] { 0, -1, 127, -128, '"', '9', '[' }[this.random.nextInt(7)];
				case 3 -> bytes = Arrays.copyOf(bytes, at);
				case 4 -> bytes = splice(bytes, at, bytes, this.random.nextInt(bytes.length));
				case 5 -> {
					byte[] other = corpus.get(this.random.nextInt(corpus.size()));
					bytes = splice(bytes, at, other, this.random.nextInt(other.length));
				}
				default -> {
					for (int k = at; k < Math.min(bytes.length, at + 4); k++) {
						bytes[k] = (byte) ((this.random.nextInt(2) == 0) ? 127 : this.random.nextInt());
					}
				}
			}
		}
		return bytes;
	}

	private static byte[] splice(byte[] head, int to, byte[] tail, int from) {
		byte[] result = Arrays.copyOf(head, to + tail.length - from);
		System.arraycopy(tail, from, result, to, tail.length - from);
		return result;
	}

	@FunctionalInterface
	private interface Decoder {

		@Nullable Object decode(byte[] bytes) throws Exception;

	}

	enum Color {

		RED

	}

	record Sample(int number, String text, double real, List<Integer> list, Map<String, Long> map,
			@Nullable Sample inner, BigDecimal decimal, Instant instant, byte[] bytes) {

		static final Sample INSTANCE = new Sample(1, "text", 1.5, List.of(1, 2), Map.of("k", 1L),
				new Sample(2, "é", -0d, List.of(), Map.of(), null, BigDecimal.TEN, Instant.EPOCH, new byte[0]),
				new BigDecimal("1E-5"), Instant.ofEpochSecond(1, 5), new byte[] { 1, 2, 3 });

	}

}
