package io.vimap.benchmarks.spring;

import java.util.Map;

import io.vimap.pool.ClassArchiveMode;
import io.vimap.pool.PoolListener;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The application. Actuator is there, and so is a registry of meters.
 */
@SpringBootApplication
public class EchoApplication {

	private static final String METERS = "io.vimap.boot.autoconfigure.ProcessPoolMetricsAutoConfiguration";

	/**
	 * Starts the application.
	 * @param processes the size of its pool
	 * @param meters whether the pool has meters
	 * @return its context
	 */
	public static ConfigurableApplicationContext start(int processes, boolean meters) {
		return builder(Map.of("vimap.pools.spring-echo.processes", processes, "spring.autoconfigure.exclude",
				meters ? "" : METERS))
			.run();
	}

	/**
	 * Starts the application with a pool of one process that is not started yet.
	 * @param classArchive the pool's class archive
	 * @param listener a bean that hears what happens to the pool
	 * @return its context
	 */
	public static ConfigurableApplicationContext prepare(ClassArchiveMode classArchive, PoolListener listener) {
		return builder(Map.of("vimap.pools.spring-echo.processes", 1, "vimap.pools.spring-echo.auto-start", false,
				"vimap.pools.spring-echo.class-archive", classArchive))
			.initializers((context) -> context.getBeanFactory().registerSingleton("listener", listener))
			.run();
	}

	private static SpringApplicationBuilder builder(Map<String, Object> properties) {
		return new SpringApplicationBuilder(EchoApplication.class).web(WebApplicationType.NONE)
			.bannerMode(Banner.Mode.OFF)
			.properties(properties);
	}

}
