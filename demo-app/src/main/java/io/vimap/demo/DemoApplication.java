package io.vimap.demo;

import java.util.Arrays;
import java.util.Map;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Sends the requests of a file to HTTP servers through the pool {@code requests} of
 * {@code application.yml}.
 */
@SpringBootApplication(proxyBeanMethods = false)
class DemoApplication {

	private static final int USAGE_ERROR = 2;

	public static void main(String[] args) {
		if (Arrays.asList(args).contains("--help")) {
			System.out.print(DemoOptions.USAGE);
			return;
		}
		DemoOptions options = options(args);
		ConfigurableApplicationContext context = run(options, args);
		if (options.once()) {
			System.exit(SpringApplication.exit(context));
		}
		if (context.isClosed()) {
			// It was told to end in the middle of the job.
			return;
		}
		System.out.println("Look at http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port")
				+ "/actuator/vimap, or end the application with Ctrl-C.");
	}

	private static DemoOptions options(String[] args) {
		try {
			return DemoOptions.parse(args);
		}
		catch (IllegalArgumentException ex) {
			System.err.println(ex.getMessage());
			System.err.print(DemoOptions.USAGE);
			System.exit(USAGE_ERROR);
			throw ex;
		}
	}

	private static ConfigurableApplicationContext run(DemoOptions options, String[] args) {
		DemoServers servers = new DemoServers(options.servers());
		SpringApplication application = new SpringApplication(DemoApplication.class);
		application.addInitializers(servers,
				(context) -> context.getBeanFactory().registerSingleton("demoOptions", options));
		if (options.once()) {
			// Nobody is left to look at Actuator, so no port is opened. To do without
			// the web server is no choice where it was decided ahead of time
			application.setDefaultProperties(Map.of("server.port", -1));
		}
		if (options.chaos()) {
			application.setAdditionalProfiles("chaos");
		}
		try {
			return application.run(args);
		}
		catch (Throwable ex) {
			// The context may have failed before it knew of the servers
			servers.close();
			throw ex;
		}
	}

}
