package io.vimap.protocol;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.aop.FakeGadget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ErasedValueCodec} and its filter.
 */
class ErasedValueCodecTests {

	private final ValueCodec codec = new AutoCodec(getClass().getClassLoader()).forType(AutoCodec.ERASED);

	static Stream<Arguments> values() {
		return Stream.<Object>of(1, 1L, "text", 1.5, true, 'c', (byte) 1, (short) 2, 2.5f, List.of(1, "a", 2L),
				Arrays.asList(1, null), new ArrayList<>(), new HashMap<>(), new HashMap<>(Map.of("k", List.of(1.5))),
				new LinkedHashMap<>(Map.of(1, 2)), new TreeMap<>(Map.of("x", Set.of())),
				new ConcurrentHashMap<>(Map.of(1, 2)), new LinkedHashSet<>(List.of(3, 1)), new BigDecimal("1.10"),
				UUID.randomUUID(), Instant.now(), ZonedDateTime.now(), Locale.GERMANY, TimeUnit.DAYS, URI.create("x:y"),
				new Point(1, 2), new Point[] { new Point(1, 2) }, new String[] { "a", null },
				new Wrapper(new Point(3, 4)), Color.RED, Color.GREEN, new AbstractMap.SimpleEntry<>("k", 1),
				IntStream.range(0, 1000).boxed().collect(Collectors.toMap((i) -> i, (i) -> "v")),
				new HashMap<>(
						Map.of(1, new HashMap<>(), 2, new HashMap<>(Map.of(1, 1)), 3, new HashMap<>(Map.of(1, 1)))),
				new ArrayList<>(java.util.Collections.nCopies(10_000, null)), new Object[2000],
				IntStream.range(0, 300)
					.mapToObj((i) -> new HashMap<>(Map.of((byte) i, (byte) i)))
					.collect(Collectors.toCollection(ArrayList::new)))
			.map((value) -> Arguments.of(value));
	}

	@ParameterizedTest
	@MethodSource("values")
	void valueComesBack(Object value) throws Exception {
		Object copy = AutoCodecTests.roundTrip(this.codec, value);
		assertThat(copy).hasSameClassAs(value).isEqualTo(value);
	}

	@Test
	void otherValuesComeBack() throws Exception {
		assertThat(AutoCodecTests.roundTrip(this.codec, null)).isNull();
		assertThat((byte[]) AutoCodecTests.roundTrip(this.codec, new byte[] { 1 })).containsExactly(1);
		assertThat(AutoCodecTests.roundTrip(this.codec, new AtomicInteger(5))).hasToString("5");
		assertThat(AutoCodecTests.roundTrip(this.codec, new ArrayDeque<>(List.of(1, 2)))).hasToString("[1, 2]");
		assertThat(AutoCodecTests.roundTrip(this.codec, new IllegalStateException("m")))
			.hasToString("java.lang.IllegalStateException: m");
	}

	@Test
	void notSerializableIsExplained() {
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> AutoCodecTests.roundTrip(this.codec, new Wrapper(new NotSerializable())))
			.withMessageContaining(Wrapper.class.getName())
			.withMessageContaining(NotSerializable.class.getName())
			.withMessageContaining("Declare the types");
	}

	@Test
	void tooDeepIsRefused() {
		Wrapper deep = new Wrapper("x");
		for (int i = 0; i < 100_000; i++) {
			deep = new Wrapper(deep);
		}
		Wrapper tooDeep = deep;
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> AutoCodecTests.roundTrip(this.codec, tooDeep))
			.withMessageContaining("nested too deeply");
		deep = new Wrapper("x");
		for (int i = 0; i < 600; i++) {
			deep = new Wrapper(deep);
		}
		Wrapper lessDeep = deep;
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> AutoCodecTests.roundTrip(this.codec, lessDeep))
			.withMessageContaining("500 levels deep");
	}

	@Test
	void dangerousClassesAreRefused() throws Exception {
		Supplier<String> lambda = (Supplier<String> & Serializable) () -> "x";
		Object proxy = Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Runnable.class },
				new Handler());
		for (Object each : List.of(new URL("http://localhost/"), lambda, proxy, new FakeGadget(), new FakeGadget[0],
				new ArrayList<>(List.of(new FakeGadget())), new javax.management.openmbean.OpenDataException("x"),
				new javax.swing.event.EventListenerList())) {
			FakeGadget.created = 0;
			assertThatExceptionOfType(ProtocolException.class)
				.isThrownBy(() -> AutoCodecTests.roundTrip(this.codec, each))
				.withMessageContaining("accepted");
			assertThat(FakeGadget.created).isZero();
		}
	}

	@Test
	void trustedPeerMaySendLambdas() throws Exception {
		ValueCodec trusting = AutoCodec.ofTrustedPeer(getClass().getClassLoader()).forType(AutoCodec.ERASED);
		String captured = "captured";
		Supplier<String> lambda = (Supplier<String> & Serializable) () -> captured + "!";
		Supplier<?> copy = (Supplier<?>) AutoCodecTests.roundTrip(trusting, lambda);
		assertThat(copy.get()).isEqualTo("captured!");
	}

	@Test
	void declaredTypesAreNeverDeserialized() throws Exception {
		PayloadBuffer out = new PayloadBuffer(64);
		this.codec.encode(new Point(1, 2), out);
		for (Class<?> declared : List.of(Point.class, String.class, Integer.class, Void.class, byte[].class)) {
			ValueCodec typed = new AutoCodec().forType(declared);
			assertThatExceptionOfType(ProtocolException.class)
				.isThrownBy(() -> typed.decode(out.array(), 0, out.size()))
				.withMessageContaining("tag 33");
		}
	}

	@Test
	void lyingArrayLengthCostsNothing() throws Exception {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		bytes.write(SimpleValues.SERIALIZED);
		try (ObjectOutputStream stream = new ObjectOutputStream(bytes)) {
			stream.writeObject(new long[] { 1 });
		}
		byte[] lying = bytes.toByteArray();
		lying[lying.length - 12] = 0x70;
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> this.codec.decode(lying, 0, lying.length))
			.withMessageContaining("elements");
	}

	@Test
	void bytesLeftOverAreRefused() throws Exception {
		PayloadBuffer out = new PayloadBuffer(64);
		this.codec.encode(new Point(1, 2), out);
		out.writeByte(0);
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> this.codec.decode(out.array(), 0, out.size()))
			.withMessageContaining("1 bytes are left");
	}

	@Test
	void classesComeFromTheGivenLoader() throws Exception {
		URL classes = Point.class.getProtectionDomain().getCodeSource().getLocation();
		URL own = ProtocolException.class.getProtectionDomain().getCodeSource().getLocation();
		try (URLClassLoader other = new OwnClassesFirst(new URL[] { classes, own })) {
			ValueCodec elsewhere = new AutoCodec(other).forType(AutoCodec.ERASED);
			Object copy = AutoCodecTests.roundTrip(elsewhere, new Point(1, 2));
			assertThat(copy.getClass().getName()).isEqualTo(Point.class.getName());
			assertThat(copy.getClass().getClassLoader()).isSameAs(other);
		}
	}

	@Test
	void unknownClassIsNamed() throws Exception {
		PayloadBuffer out = new PayloadBuffer(64);
		this.codec.encode(new Point(1, 2), out);
		String text = new String(out.array(), 0, out.size(), StandardCharsets.ISO_8859_1).replace("$Point", "$Paint");
		byte[] renamed = text.getBytes(StandardCharsets.ISO_8859_1);
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> this.codec.decode(renamed, 0, renamed.length))
			.withMessageContaining("ErasedValueCodecTests$Paint");
	}

	record Point(int x, int y) implements Serializable {
	}

	record Wrapper(@Nullable Object value) implements Serializable {
	}

	enum Color {

		RED, GREEN {
		}

	}

	static class NotSerializable {

	}

	static class Handler implements java.lang.reflect.InvocationHandler, Serializable {

		private static final long serialVersionUID = 1L;

		@Override
		public @Nullable Object invoke(Object proxy, java.lang.reflect.Method method, Object[] arguments) {
			return null;
		}

		private void readObject(ObjectInputStream in) throws IOException {
			throw new AssertionError("must not be called");
		}

	}

	private static final class OwnClassesFirst extends URLClassLoader {

		OwnClassesFirst(URL[] urls) {
			super(urls, ErasedValueCodecTests.class.getClassLoader());
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (!name.equals(Point.class.getName())) {
				return super.loadClass(name, resolve);
			}
			Class<?> loaded = findLoadedClass(name);
			return (loaded != null) ? loaded : findClass(name);
		}

	}

}
