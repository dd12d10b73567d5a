package io.vimap.boot.client;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.vimap.protocol.AutoCodec;
import io.vimap.protocol.GenericTypes;
import io.vimap.protocol.PayloadBuffer;
import io.vimap.protocol.PayloadCodec;
import io.vimap.protocol.PayloadCodecs;
import io.vimap.protocol.ProtocolException;
import io.vimap.protocol.ValueCodec;
import org.jspecify.annotations.Nullable;

/**
 * Lets calls of a client and their results travel. Both are the number of the method and
 * values of the types that the interface declares: a call has each argument with its
 * length before it, a result has one value. The values themselves travel by the codec
 * that the pool has otherwise.
 * <p>
 * A pool names its codec by a class alone, so interface and codec come with the types.
 */
public final class ClientCodec implements PayloadCodec {

	/**
	 * Creates the codec.
	 */
	public ClientCodec() {
	}

	/**
	 * Returns the type of a client's calls, for this codec.
	 * @param client the interface
	 * @param codec the name of the codec of arguments
	 * @param loader finds that codec
	 * @return the type
	 * @throws IllegalArgumentException if there is no such codec
	 */
	public static Type calls(Class<?> client, String codec, ClassLoader loader) {
		return GenericTypes.parameterized(Calls.class, client, classOf(codec, loader));
	}

	/**
	 * Returns the type of a client's results, for this codec.
	 * @param client the interface
	 * @param codec the name of the codec of results
	 * @param loader finds that codec
	 * @return the type
	 * @throws IllegalArgumentException if there is no such codec
	 */
	public static Type results(Class<?> client, String codec, ClassLoader loader) {
		return GenericTypes.parameterized(Results.class, client, classOf(codec, loader));
	}

	private static Class<?> classOf(String codec, ClassLoader loader) {
		return PayloadCodecs.byName(codec, loader).getClass();
	}

	/**
	 * Checks that the parameters and results of all methods can travel, down to what
	 * Jackson can't read or write.
	 * @param client the interface
	 * @param codec the name of the codec of arguments and results
	 * @param loader finds that codec
	 * @throws IllegalArgumentException if one of them can't; the message names it and
	 * says what to declare instead
	 */
	public static void check(Class<?> client, String codec, ClassLoader loader) {
		PayloadCodec values = PayloadCodecs.byName(codec, loader);
		Methods methods = new Methods(client,
				(values instanceof AutoCodec auto) ? (type) -> auto.prepare(type) : values);
		if (methods.byId.isEmpty()) {
			throw new IllegalArgumentException(client.getName() + " has no method to call");
		}
		if (client.isSealed()) {
			throw new IllegalArgumentException(client.getName() + " is sealed, and a client implements it too");
		}
	}

	@Override
	public ValueCodec forType(Type type) {
		ParameterizedType declared = (ParameterizedType) type;
		Class<?> client = (Class<?>) declared.getActualTypeArguments()[0];
		Class<?> codec = (Class<?>) declared.getActualTypeArguments()[1];
		PayloadCodec values = (codec == AutoCodec.class) ? new AutoCodec()
				: PayloadCodecs.byName(codec.getName(), codec.getClassLoader());
		Methods methods = new Methods(client, values);
		return (declared.getRawType() == Calls.class) ? new CallCodec(methods) : new ResultCodec(methods);
	}

	/** Stands for {@link ClientCall}: names interface and codec. */
	interface Calls<C, V extends PayloadCodec> {

	}

	/** Stands for {@link ClientResult}: names interface and codec. */
	interface Results<C, V extends PayloadCodec> {

	}

	/** The codecs of one method. */
	private record MethodCodecs(ClientMethod method, List<ValueCodec> parameters, ValueCodec result) {
	}

	/** The codecs of all methods. */
	private static final class Methods {

		private final Class<?> client;

		private final Map<Integer, MethodCodecs> byId = new HashMap<>();

		Methods(Class<?> client, PayloadCodec values) {
			this.client = client;
			for (ClientMethod method : new ClientInterface(client).methods()) {
				checkResult(method);
				checkNoPublisher(method);
				List<ValueCodec> parameters = new ArrayList<>();
				for (int i = 0; i < method.parameters().size(); i++) {
					parameters.add(codec(values, method.parameters().get(i), method.parameter(i)));
				}
				this.byId.put(method.id(),
						new MethodCodecs(method, parameters, codec(values, method.result(), "result of " + method)));
			}
		}

		private static void checkResult(ClientMethod method) {
			if (method.returnsOtherFuture()) {
				throw new IllegalArgumentException("the result of " + method
						+ " can't travel: to call it without waiting, declare a CompletableFuture in place of its "
						+ method.method().getReturnType().getSimpleName());
			}
		}

		private static void checkNoPublisher(ClientMethod method) {
			if (method.returnsPublisher()) {
				throw new IllegalArgumentException("the result of " + method + " can't travel: in place of its "
						+ method.method().getReturnType().getSimpleName()
						+ ", declare a CompletableFuture, of which Mono.fromFuture makes a Mono, and a List for"
						+ " several values");
			}
		}

		private static ValueCodec codec(PayloadCodec values, Type type, String what) {
			try {
				return values.forType(type);
			}
			catch (IllegalArgumentException ex) {
				throw new IllegalArgumentException("the " + what + " can't travel: " + ex.getMessage(), ex);
			}
		}

		MethodCodecs get(int id) {
			MethodCodecs found = this.byId.get(id);
			if (found == null) {
				throw new ProtocolException("a method that " + this.client.getName()
						+ " does not have: it is another version of it on the class path of the other process");
			}
			return found;
		}

	}

	/** Calls. */
	private record CallCodec(Methods methods) implements ValueCodec {

		@Override
		public void encode(@Nullable Object value, PayloadBuffer out) throws Exception {
			if (!(value instanceof ClientCall<?> call)) {
				throw new ProtocolException("a pool of a client takes calls of its methods only");
			}
			MethodCodecs codecs = this.methods.get(call.method().id());
			out.writeInt(call.method().id());
			for (int i = 0; i < call.arguments().length; i++) {
				int at = out.size();
				out.writeInt(0);
				try {
					codecs.parameters().get(i).encode(call.arguments()[i], out);
				}
				catch (ProtocolException ex) {
					throw new ProtocolException("the " + call.method().parameter(i) + ": " + ex.getMessage(), ex);
				}
				out.setInt(at, out.size() - at - Integer.BYTES);
			}
		}

		@Override
		public Object decode(byte[] bytes, int offset, int length) throws Exception {
			ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
			MethodCodecs codecs = this.methods.get(in.getInt());
			@Nullable Object[] arguments = new @Nullable Object[codecs.parameters().size()];
			for (int i = 0; i < arguments.length; i++) {
				int size = in.getInt();
				try {
					arguments[i] = codecs.parameters().get(i).decode(bytes, in.position(), size);
				}
				catch (ProtocolException ex) {
					throw new ProtocolException("the " + codecs.method().parameter(i) + ": " + ex.getMessage(), ex);
				}
				in.position(in.position() + size);
			}
			return new ClientCall<>(codecs.method(), arguments);
		}

	}

	/** Results. */
	private record ResultCodec(Methods methods) implements ValueCodec {

		@Override
		public void encode(@Nullable Object value, PayloadBuffer out) throws Exception {
			if (!(value instanceof ClientResult result)) {
				throw new ProtocolException("a pool of a client returns results of its methods only");
			}
			out.writeInt(result.method().id());
			try {
				this.methods.get(result.method().id()).result().encode(result.value(), out);
			}
			catch (ProtocolException ex) {
				throw new ProtocolException("the result of " + result.method() + ": " + ex.getMessage(), ex);
			}
		}

		@Override
		public @Nullable Object decode(byte[] bytes, int offset, int length) throws Exception {
			MethodCodecs codecs = this.methods.get(ByteBuffer.wrap(bytes, offset, length).getInt());
			try {
				return codecs.result().decode(bytes, offset + Integer.BYTES, length - Integer.BYTES);
			}
			catch (ProtocolException ex) {
				throw new ProtocolException("the result of " + codecs.method() + ": " + ex.getMessage(), ex);
			}
		}

	}

}
