package io.vimap.demo;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Says which servers the workers talk to, before the application context creates the
 * pool: those of the command line, or two {@link DemoServer}s that it starts.
 */
final class DemoServers implements ApplicationContextInitializer<GenericApplicationContext>, AutoCloseable {

	private final List<URI> given;

	private List<DemoServer> own = List.of();

	/**
	 * Creates an initializer.
	 * @param given the servers of the command line; empty to start own ones
	 */
	DemoServers(List<URI> given) {
		this.given = given;
	}

	@Override
	public void initialize(GenericApplicationContext context) {
		ConfigurableEnvironment environment = context.getEnvironment();
		Map<String, Object> properties = new TreeMap<>();
		if (this.given.isEmpty()) {
			Duration latency = environment.getRequiredProperty("demo.server.latency", Duration.class);
			this.own = Stream.generate(() -> DemoServer.start(latency)).limit(2).toList();
			// The placeholders in application.yml
			this.own.forEach(
					(server) -> properties.put("demo.servers[" + properties.size() + "]", server.address().toString()));
		}
		else {
			// Any number of them: in place of the two entries in application.yml
			this.given.forEach((server) -> properties
				.put("vimap.pools.requests.workers[" + properties.size() + "].server", server.toString()));
		}
		environment.getPropertySources().addFirst(new MapPropertySource("demoServers", properties));
		// Closed with the context, after the pool has stopped. No bean definition: code
		// generated ahead of time could not make this object.
		context.getDefaultListableBeanFactory().registerSingleton("demoServers", this);
		context.getDefaultListableBeanFactory().registerDisposableBean("demoServers", this::close);
	}

	/**
	 * Returns whether the servers are the demo's own, whose answers are known.
	 * @return {@code false} if they were given on the command line
	 */
	boolean areOwn() {
		return this.given.isEmpty();
	}

	@Override
	public void close() {
		this.own.forEach(DemoServer::close);
	}

}
