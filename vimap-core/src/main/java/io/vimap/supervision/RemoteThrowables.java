package io.vimap.supervision;

import io.vimap.pool.ExceptionContext;
import io.vimap.pool.StandInException;
import io.vimap.protocol.DecodedThrowable;
import io.vimap.protocol.FrameInput;
import io.vimap.protocol.ThrowableCodec;
import io.vimap.protocol.ThrowableRebuilder;

/**
 * Turns the throwable at the end of a frame into what callers see.
 */
public final class RemoteThrowables {

	private RemoteThrowables() {
	}

	/**
	 * Decodes a throwable. Classes are looked up with the context class loader of the
	 * thread, which the pool's threads inherit from the thread that made the pool.
	 * @param input the rest of the frame
	 * @return the exception, rebuilt where that is safe
	 * @throws io.vimap.protocol.ProtocolException if the bytes are no throwable
	 */
	public static ExceptionContext decode(FrameInput input) {
		ClassLoader loader = Thread.currentThread().getContextClassLoader();
		DecodedThrowable decoded = ThrowableCodec.decode(input.array(), input.position(), input.remaining());
		return new ExceptionContext(ThrowableRebuilder.rebuild(decoded,
				(loader != null) ? loader : ClassLoader.getSystemClassLoader(), StandInException::new),
				decoded.formattedTraceback());
	}

}
