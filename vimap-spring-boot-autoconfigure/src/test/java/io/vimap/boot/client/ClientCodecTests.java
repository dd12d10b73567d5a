package io.vimap.boot.client;

import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.vimap.protocol.PayloadBuffer;
import io.vimap.protocol.PayloadCodec;
import io.vimap.protocol.ProtocolException;
import io.vimap.protocol.ValueCodec;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ClientCodecTests {

	private static final ClassLoader LOADER = ClientCodecTests.class.getClassLoader();

	@Test
	void everyMethodThatIsNotLocalHasItsTypes() {
		ClientInterface client = new ClientInterface(Pdf.class);
		assertThat(client.methods()).extracting(ClientMethod::toString)
			.contains("Pdf.render(Page, int)", "Pdf.render(String)", "Renderer.render(Object)")
			.noneMatch((name) -> name.contains("twice"));
		assertThat(client.methods()).filteredOn((method) -> method.toString().equals("Renderer.render(Object)"))
			.singleElement()
			.satisfies((method) -> {
				assertThat(method.parameters()).containsExactly(Page.class);
				assertThat(method.result()).hasToString("java.util.List<java.lang.String>");
			});
	}

	@Test
	void refusesWhatCannotBeDecoded() {
		refused(TakesObject.class, "parameter 'anything' of TakesObject.take(Object)", "'Object' does not say");
		refused(ReturnsRaw.class, "result of ReturnsRaw.list()", "List<E>");
		refused(ReturnsRawFuture.class, "result of ReturnsRawFuture.later()");
		refused(ReturnsMono.class, "result of ReturnsMono.later()", "in place of its Mono", "CompletableFuture");
		refused(ReturnsFlux.class, "result of ReturnsFlux.all()", "in place of its Flux", "List");
		refused(HasVariable.class, "parameter 'value' of HasVariable.call(Object)");
		refused(TakesInterface.class, "parameter 'task'", "is an interface");
		refused(Nothing.class, "has no method to call");
	}

	private static void refused(Class<?> client, String... words) {
		assertThatIllegalArgumentException().isThrownBy(() -> ClientCodec.check(client, "auto", LOADER))
			.satisfies((ex) -> assertThat(ex.getMessage()).contains(words));
	}

	@Test
	void argumentsTravelByTheCodecOfThePool() throws Exception {
		String codec = Reversing.class.getName();
		ValueCodec calls = new ClientCodec().forType(ClientCodec.calls(Words.class, codec, LOADER));
		ClientMethod method = new ClientInterface(Words.class).methods().iterator().next();
		PayloadBuffer out = new PayloadBuffer(16);
		calls.encode(new ClientCall<>(method, new Object[] { "abc", "de" }), out);
		assertThat(new String(out.array(), 0, out.size(), java.nio.charset.StandardCharsets.ISO_8859_1)).contains("cba",
				"ed");
		ClientCall<?> decoded = (ClientCall<?>) calls.decode(out.array(), 0, out.size());
		assertThat(decoded.arguments()).containsExactly("abc", "de");
		ClientCodec.check(TakesObject.class, codec, LOADER);
	}

	@Test
	void bytesOfAnotherVersionAreRefused() throws Exception {
		Type type = ClientCodec.results(Words.class, "auto", LOADER);
		ValueCodec results = new ClientCodec().forType(type);
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> results.decode(new byte[] { 1, 2, 3, 4, 5 }, 0, 5))
			.withMessageContaining("another version");
	}

	interface Words {

		String join(String one, String other);

	}

	interface ReturnsMono {

		Mono<String> later();

	}

	interface ReturnsFlux {

		Flux<String> all();

	}

	interface TakesObject {

		void take(Object anything);

	}

	@SuppressWarnings("rawtypes")
	interface ReturnsRaw {

		List list();

	}

	@SuppressWarnings("rawtypes")
	interface ReturnsRawFuture {

		CompletableFuture later();

	}

	interface HasVariable {

		<T> void call(T value);

	}

	interface TakesInterface {

		void run(Runnable task);

	}

	interface Nothing {

	}

	/**
	 * A codec of the user's own.
	 */
	public static class Reversing implements PayloadCodec {

		@Override
		public ValueCodec forType(Type type) {
			return new ValueCodec() {

				@Override
				public void encode(Object value, PayloadBuffer out) {
					out.writeBytes(new StringBuilder((String) value).reverse().toString().getBytes());
				}

				@Override
				public Object decode(byte[] bytes, int offset, int length) {
					return new StringBuilder(new String(Arrays.copyOfRange(bytes, offset, offset + length))).reverse()
						.toString();
				}

			};
		}

	}

}
