package io.vimap.protocol;

import java.lang.reflect.Type;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.SimpleTimeZone;
import java.util.TimeZone;

import com.fasterxml.jackson.annotation.JsonKey;
import com.fasterxml.jackson.annotation.JsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JsonTexts} and {@link JsonKeyText}: what is text in JSON makes the
 * same value again, or is refused.
 */
class JsonTextsTests {

	private final AutoCodec codec = new AutoCodec(getClass().getClassLoader());

	private Object roundTrip(Type type, Object value) throws Exception {
		return AutoCodecTests.roundTrip(this.codec.prepare(type), value);
	}

	static List<Locale> locales() {
		return List.of(Locale.ROOT, Locale.GERMANY, new Locale("no", "NO", "NY"), new Locale("nn", "NO"),
				new Locale("ja", "JP", "JP"), new Locale("", "DE"), new Locale("de", "", "POSIX"), new Locale("iw"),
				new Locale("xx", "YY", "a_b_c"), new Locale("toolongfortags", "x", ""),
				Locale.forLanguageTag("zh-Hans-CN"), Locale.forLanguageTag("de-DE-u-co-phonebk"),
				Locale.forLanguageTag("x-private"));
	}

	@ParameterizedTest
	@MethodSource("locales")
	void localesComeBack(Locale locale) throws Exception {
		assertThat(roundTrip(Locale.class, locale)).isEqualTo(locale);
	}

	@Test
	void addressesComeBackWithoutALookUp() throws Exception {
		byte[] linkLocal = InetAddress.getByName("fe80::1").getAddress();
		for (InetAddress address : List.of(InetAddress.getByAddress("no.such.host.invalid", new byte[] { 1, 2, 3, -4 }),
				InetAddress.getByAddress(new byte[] { 1, 2, 3, 4 }), InetAddress.getLoopbackAddress(),
				InetAddress.getByAddress("six", linkLocal), Inet6Address.getByAddress(null, linkLocal, 1))) {
			Object copy = roundTrip(InetAddress.class, address);
			assertThat(copy).isEqualTo(address).hasToString(address.toString());
			assertThat(roundTrip(Place.class, new Place(address, new InetSocketAddress(address, 80))))
				.isEqualTo(new Place(address, new InetSocketAddress(address, 80)));
		}
		InetSocketAddress unresolved = InetSocketAddress.createUnresolved("no.such.host.invalid", 80);
		assertThat(roundTrip(InetSocketAddress.class, unresolved)).isEqualTo(unresolved);
	}

	@Test
	void timeZonesComeBackOrAreRefused() throws Exception {
		for (String name : List.of("Europe/Paris", "UTC", "GMT+05:30", "EST")) {
			TimeZone zone = TimeZone.getTimeZone(name);
			assertThat(roundTrip(TimeZone.class, zone)).isEqualTo(zone);
		}
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> roundTrip(TimeZone.class, new SimpleTimeZone(3_600_000, "mine")))
			.withMessageContaining("'mine' is not the name of this one");
	}

	@Test
	void propertiesKeepTheirDefaults() throws Exception {
		Properties defaults = new Properties();
		defaults.setProperty("color", "red");
		defaults.setProperty("size", "1");
		Properties properties = new Properties(defaults);
		properties.setProperty("size", "2");
		Properties copy = (Properties) roundTrip(Properties.class, properties);
		assertThat(copy.getProperty("color")).isEqualTo("red");
		assertThat(copy.getProperty("size")).isEqualTo("2");
	}

	@ParameterizedTest
	@ValueSource(classes = { Id.class, Plain.class })
	void keysThatNothingMakesAgainAreRefused(Class<?> type) throws Exception {
		Object key = type.getDeclaredConstructor(String.class).newInstance("a");
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> roundTrip(mapFrom(type), new HashMap<>(Map.of(key, "x"))))
			.withMessageContaining("'" + key + "'")
			.withMessageContaining("@JsonKey");
	}

	@Test
	void keysThatSayHowComeBack() throws Exception {
		for (Object key : List.of(new Named("a"), new Annotated("a"), new Keyed("a"), new StringBuilder("a"))) {
			Map<?, ?> copy = (Map<?, ?>) roundTrip(mapFrom(key.getClass()), Map.of(key, "x"));
			assertThat(copy).hasSize(1);
			assertThat(copy.keySet().iterator().next()).hasToString(key.toString());
		}
	}

	private static Type mapFrom(Class<?> key) {
		return GenericTypes.parameterized(Map.class, key, String.class);
	}

	record Place(InetAddress address, InetSocketAddress socket) {
	}

	record Id(String value) {
	}

	static class Plain {

		Plain(String value) {
		}

	}

	record Named(String value) {

		@Override
		public String toString() {
			return this.value;
		}

	}

	record Annotated(@JsonValue String value) {
	}

	record Keyed(@JsonKey String value) {
	}

}
