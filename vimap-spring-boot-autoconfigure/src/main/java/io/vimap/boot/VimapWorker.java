package io.vimap.boot;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the worker class of a pool. Such classes are found in the packages of the
 * application (those of {@code @SpringBootApplication} or
 * {@code @AutoConfigurationPackage}) and each of them makes a pool, with or without
 * properties under {@code vimap.pools.<name>}.
 * <p>
 * The class must be a concrete {@link io.vimap.worker.Worker} whose type arguments can be
 * resolved, or implement the {@link VimapClient @VimapClient} interface of the pool. It
 * is never instantiated in the application that owns the pool and must not be a
 * {@code @Component}: in each child process it is a bean of a small application context
 * of the child's own. Constructor injection, {@code @PostConstruct}, {@code @PreDestroy},
 * {@code @Value} and {@code @ConfigurationProperties} work there, over the properties of
 * the parent. A constructor parameter that is a record (and not a bean) is bound to the
 * init args of the process.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface VimapWorker {

	/**
	 * The name of the pool: lower-case letters, digits and dashes. It is also the name of
	 * the pool's bean.
	 * @return the pool's name
	 */
	String value();

	/**
	 * The slice of the application that the worker needs: classes that are imported into
	 * the child's context as {@code @Import} does.
	 * @return the classes to import, usually {@code @Configuration} classes
	 */
	Class<?>[] imports() default {};

}
