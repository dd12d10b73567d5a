package io.vimap.boot;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks an interface whose methods run in a pool. Such interfaces are found in the
 * packages of the application, and each of them is a bean there: a call of one of its
 * methods is a task of the pool. In the child processes it is implemented by the
 * {@link VimapWorker @VimapWorker} class of the same name, which then needs to be no
 * {@link io.vimap.worker.Worker}.
 * <p>
 * All parameters and results travel as the inputs and outputs of workers do, by their
 * declared types. A method that returns a {@link java.util.concurrent.CompletableFuture
 * CompletableFuture} does not wait for its result. An exception that the method declares
 * is thrown as it is; all else arrives as a {@link io.vimap.pool.VimapException}. Default
 * methods run in the caller's process.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface VimapClient {

	/**
	 * The name of the pool.
	 * @return the name that the {@link VimapWorker @VimapWorker} class has
	 */
	String value();

}
