package io.vimap.boot.test.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.vimap.pool.PoolMode;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.PropertyMapping;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * A test of the application's pools and of nothing else: its components are not scanned,
 * and of all auto-configurations only those of pools apply. Pools and clients can be
 * injected. By default the workers run in the test's own JVM, through the same codecs and
 * with the same contexts as in processes of their own: breakpoints stop in them.
 * <p>
 * Its properties are those of the application. A pool's own {@code mode} wins over that
 * of this annotation.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@BootstrapWith(VimapTestContextBootstrapper.class)
@ExtendWith(SpringExtension.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(VimapTypeExcludeFilter.class)
@AutoConfigureVimap
@AutoConfigureChaos
@ImportAutoConfiguration
public @interface VimapTest {

	/**
	 * Where workers run: {@link PoolMode#FORKED} for processes of their own.
	 * @return the value of {@code vimap.defaults.mode}
	 */
	@PropertyMapping("vimap.defaults.mode")
	PoolMode mode() default PoolMode.SERIAL;

	/**
	 * Properties in the form {@code key=value} for this test.
	 * @return the properties
	 */
	String[] properties() default {};

	/**
	 * Whether the default filters apply. They leave out all components.
	 * @return whether they apply
	 */
	boolean useDefaultFilters() default true;

	/**
	 * Components to add.
	 * @return filters that let components in
	 */
	Filter[] includeFilters() default {};

	/**
	 * Components to leave out.
	 * @return filters that keep components out
	 */
	Filter[] excludeFilters() default {};

	/**
	 * Auto-configurations to leave out.
	 * @return the classes
	 */
	@AliasFor(annotation = ImportAutoConfiguration.class, attribute = "exclude")
	Class<?>[] excludeAutoConfiguration() default {};

}
