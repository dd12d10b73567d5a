package io.vimap.protocol;

import java.lang.reflect.Type;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link PayloadCodecs}.
 */
class PayloadCodecsTests {

	private final ClassLoader classLoader = getClass().getClassLoader();

	@Test
	void autoByName() {
		assertThat(PayloadCodecs.byName("auto", this.classLoader)).isInstanceOf(AutoCodec.class);
	}

	@Test
	void ownByName() {
		assertThat(PayloadCodecs.byName(Own.class.getName(), this.classLoader)).isInstanceOf(Own.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "Auto", "json", "no.such.Codec", "java.lang.String", "io.vimap.protocol.PayloadCodec",
			"io.vimap.protocol.PayloadCodecsTests$Hidden", "io.vimap.protocol.PayloadCodecsTests$NoConstructor",
			"io.vimap.protocol.PayloadCodecsTests$Failing", "[I", "int" })
	void otherNamesAreRefused(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> PayloadCodecs.byName(name, this.classLoader))
			.withMessageContaining("'codec'")
			.withMessageContaining("'" + name + "'")
			.withMessageContaining("'auto'")
			.withMessageContaining(PayloadCodec.class.getName())
			.withMessageContaining("no-arg constructor");
	}

	@Test
	void jacksonIsNotNeededForSimpleValues() throws Exception {
		URL own = AutoCodec.class.getProtectionDomain().getCodeSource().getLocation();
		URL tests = getClass().getProtectionDomain().getCodeSource().getLocation();
		URL annotations = org.jspecify.annotations.Nullable.class.getProtectionDomain().getCodeSource().getLocation();
		try (URLClassLoader bare = new URLClassLoader(new URL[] { own, tests, annotations },
				ClassLoader.getPlatformClassLoader())) {
			Object sent = bare.loadClass(WithoutJackson.class.getName()).getMethod("run").invoke(null);
			assertThat(sent).isEqualTo(List.of("text", 5, "java.lang.NoClassDefFoundError"));
		}
	}

	/** Runs where Jackson is not on the class path. */
	public static class WithoutJackson {

		public static List<Object> run() throws Exception {
			AutoCodec codec = new AutoCodec(WithoutJackson.class.getClassLoader());
			ValueCodec declared = codec.forType(Declared.class);
			return List.of(send(codec.forType(String.class), "text"), send(codec.forType(AutoCodec.ERASED), 5),
					failure(declared));
		}

		private static Object send(ValueCodec codec, Object value) throws Exception {
			PayloadBuffer out = new PayloadBuffer(16);
			codec.encode(value, out);
			return codec.decode(out.array(), 0, out.size());
		}

		private static String failure(ValueCodec codec) throws Exception {
			try {
				send(codec, new Declared(1));
				return "none";
			}
			catch (LinkageError ex) {
				return ex.getClass().getName();
			}
		}

	}

	record Declared(int value) {
	}

	public static class Own implements PayloadCodec {

		@Override
		public ValueCodec forType(Type type) {
			throw new UnsupportedOperationException();
		}

	}

	static class Hidden extends Own {

	}

	public static class NoConstructor extends Own {

		NoConstructor() {
		}

	}

	public static class Failing extends Own {

		public Failing() {
			throw new IllegalStateException("own failure");
		}

	}

}
