package io.vimap.boot.autoconfigure;

import io.vimap.boot.autoconfigure.clients.called.Called;
import io.vimap.pool.ProcessPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.UnsatisfiedDependencyException;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Pools that are to be injected and are not there.
 */
@ExtendWith(OutputCaptureExtension.class)
class MissingPoolTests {

	private static final String[] POOLS = { "--vimap.pools.one.worker=" + TestWorkers.Echo.class.getName(),
			"--vimap.pools.other.worker=" + TestWorkers.Echo.class.getName() };

	@Test
	void poolThatIsDisabledWhileAnotherOfItsTypesIsNot(CapturedOutput output) {
		fail(NeedsOther.class, POOLS, "--vimap.pools.other.enabled=false");
		assertThat(output).contains("APPLICATION FAILED TO START", "Field pool in " + NeedsOther.class.getName(),
				"requires a io.vimap.pool.ProcessPool<java.lang.String, java.lang.String>",
				"Property: vimap.pools.other.enabled", "Value: \"false\"", "Origin: ", "The pools are: 'one' (",
				"Set 'vimap.pools.other.enabled' to 'true'");
	}

	@Test
	void allPoolsAreDisabled(CapturedOutput output) {
		fail(NeedsOther.class, POOLS, "--vimap.enabled=false");
		assertThat(output).contains("Property: vimap.enabled", "The pools are: (none)",
				"Set 'vimap.enabled' to 'true'");
	}

	@Test
	void clientOfAPoolThatIsDisabled(CapturedOutput output) {
		fail(NeedsClient.class, POOLS, "--vimap.pools.called.enabled=false", "--vimap.pools.other.enabled=false");
		assertThat(output).contains("requires " + Called.class.getName() + ", the client of process pool 'called'",
				"Set 'vimap.pools.called.enabled' to 'true'");
	}

	@Test
	void poolOfOtherTypes(CapturedOutput output) {
		fail(NeedsNumbers.class, POOLS);
		assertThat(output).contains("ProcessPool<java.lang.Integer, java.lang.String>", "'one' (", "'other' (",
				"Ask for a pool by the types");
	}

	@Test
	void poolOfOtherTypesThanThoseOfAParentContext(CapturedOutput output) {
		SpringApplicationBuilder main = new SpringApplicationBuilder(Main.class).web(WebApplicationType.NONE);
		try (ConfigurableApplicationContext parent = main.run("--vimap.defaults.mode=serial", POOLS[0], POOLS[1])) {
			assertThatExceptionOfType(UnsatisfiedDependencyException.class)
				.isThrownBy(() -> new SpringApplicationBuilder(Main.class, NeedsNumbers.class).parent(parent)
					.web(WebApplicationType.NONE)
					.run("--vimap.pools.one.worker=io.vimap.boot.autoconfigure.workers.Upper"));
		}
		String strings = "<java.lang.String, java.lang.String>)";
		assertThat(output).contains("The pools are: 'one' (io.vimap.pool.ProcessPool" + strings
				+ ", 'other' (io.vimap.pool.ProcessPool" + strings + System.lineSeparator());
	}

	@Test
	void beanThatIsNoPoolIsNotOurs(CapturedOutput output) {
		fail(NeedsText.class, POOLS);
		assertThat(output).contains("APPLICATION FAILED TO START").doesNotContain("The pools are");
	}

	private static void fail(Class<?> needy, String[] pools, String... arguments) {
		String[] all = new String[pools.length + arguments.length];
		System.arraycopy(pools, 0, all, 0, pools.length);
		System.arraycopy(arguments, 0, all, pools.length, arguments.length);
		assertThatExceptionOfType(UnsatisfiedDependencyException.class)
			.isThrownBy(() -> new SpringApplicationBuilder(Main.class, needy).web(WebApplicationType.NONE).run(all));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(ProcessPoolAutoConfiguration.class)
	static class Main {

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedsOther {

		@Autowired
		@Qualifier("other")
		ProcessPool<String, String> pool;

	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackages = "io.vimap.boot.autoconfigure.clients.called")
	static class NeedsClient {

		@Autowired
		Called client;

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedsNumbers {

		@Autowired
		ProcessPool<Integer, String> pool;

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedsText {

		@Autowired
		StringBuilder text;

	}

}
