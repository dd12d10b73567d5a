package io.vimap.boot.child;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.vimap.worker.Worker;
import io.vimap.worker.WorkerContext;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

class SpringWorkerFactoryTests {

	static final List<String> EVENTS = new ArrayList<>();

	private final StandardEnvironment parent = new StandardEnvironment();

	private final Map<String, Object> properties = new HashMap<>();

	private final Map<String, String> initArgs = new LinkedHashMap<>();

	@BeforeEach
	void reset() {
		EVENTS.clear();
		this.parent.getPropertySources().addFirst(new MapPropertySource("test", this.properties));
	}

	@Test
	void workerIsABeanWithAllThatBeansCanDo() throws Exception {
		this.properties.put("app.greeting", "hello ${app.name}");
		this.properties.put("app.name", "vimap");
		this.properties.put("client.timeout", "2s");
		this.initArgs.put("server", "http://a");
		this.initArgs.put("retry.pause", "3s");
		this.initArgs.put("retry.sizes[0]", "10MB");
		this.initArgs.put("retry.sizes[1]", "1KB");
		Worker<String, String> worker = create(FullWorker.class, ClientConfiguration.class);
		worker.init(new FakeWorkerContext());
		assertThat(worker.process("x")).isEqualTo("x: hello vimap, http://a, PT3S, [10485760B, 1024B], client PT2S, "
				+ "http://a, tested, {server=http://a, retry={pause=3s, sizes=[10MB, 1KB]}}");
		worker.cleanup();
		assertThat(EVENTS).containsExactly("constructed", "postConstruct", "init tested", "cleanup", "preDestroy");
	}

	@Test
	void initArgsNeedNotBeThere() throws Exception {
		Worker<String, String> worker = create(DefaultsWorker.class);
		assertThat(worker.process("")).isEqualTo("Args[server=null, port=80]");
	}

	@Test
	void mapTakesInitArgsNotAllBeans() throws Exception {
		this.initArgs.put("server", "a");
		assertThat(create(MapWorker.class).process("")).isEqualTo("{server=a}");
	}

	@Test
	void recordThatIsABeanIsInjected() throws Exception {
		assertThat(create(RecordBeanWorker.class, RecordBeanConfiguration.class).process(""))
			.isEqualTo("Bean[name=bean]");
	}

	@Test
	void placeholdersAreResolvedAsInTheParent() throws Exception {
		System.setProperty("test.secret", "from the parent");
		try {
			this.properties.put("a", "${test.secret}");
			assertThat(create(ValueWorker.class).process("a")).isEqualTo("from the parent");
			assertThat(create(ValueWorker.class).process("test.secret")).isEqualTo("from the parent");
		}
		finally {
			System.clearProperty("test.secret");
		}
	}

	@Test
	void profilesOfTheParentAreActive() throws Exception {
		this.parent.setActiveProfiles("special");
		assertThat(create(ProfileWorker.class, ProfileConfiguration.class).process("")).isEqualTo("special");
	}

	@Test
	void importsCanNeverForkPoolsOfTheirOwn() throws Exception {
		this.properties.put("vimap.enabled", "true");
		assertThat(create(ValueWorker.class).process("vimap.enabled")).isEqualTo("false");
	}

	@Test
	void packagesOfTheApplicationAreKnown() throws Exception {
		assertThat(create(PackagesWorker.class).process("")).isEqualTo("[com.example]");
	}

	@Test
	void failureShowsItsRootCause() {
		assertThatException().isThrownBy(() -> create(FailingWorker.class))
			.havingRootCause()
			.withMessage("no such license");
		assertThatException().isThrownBy(() -> create(FullWorker.class))
			.withMessageContaining("Client")
			.withMessageContaining("vimapWorker");
	}

	private Worker<String, String> create(Class<?> worker, Class<?>... imports) throws Exception {
		return SpringWorkers.create(this.parent, this.initArgs, worker, imports);
	}

	static class FullWorker implements Worker<String, String> {

		record Args(String server, Retry retry) {

			record Retry(Duration pause, List<DataSize> sizes) {
			}

		}

		private final Args args;

		private final Client client;

		private final WorkerContext context;

		@Value("${app.greeting}")
		private String greeting;

		@Value("${worker.args.server}")
		private String server;

		FullWorker(Client client, Args args, WorkerContext context) {
			this.args = args;
			this.client = client;
			this.context = context;
			EVENTS.add("constructed");
		}

		@PostConstruct
		void start() {
			EVENTS.add("postConstruct");
		}

		@PreDestroy
		void stop() {
			EVENTS.add("preDestroy");
		}

		@Override
		public void init(WorkerContext context) {
			EVENTS.add("init " + context.pool());
			assertThat(context.initArgs(Args.class)).isEqualTo(this.args);
		}

		@Override
		public String process(String input) {
			return input + ": " + this.greeting + ", " + this.args.server() + ", " + this.args.retry().pause() + ", "
					+ this.args.retry().sizes() + ", client " + this.client.timeout() + ", " + this.server + ", "
					+ this.context.pool() + ", " + this.context.initArgs();
		}

		@Override
		public void cleanup() {
			EVENTS.add("cleanup");
		}

	}

	record Client(Duration timeout) {
	}

	@ConfigurationProperties("client")
	record ClientProperties(Duration timeout) {
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(ClientProperties.class)
	static class ClientConfiguration {

		@Bean
		Client client(ClientProperties properties) {
			return new Client(properties.timeout());
		}

	}

	/** Answers with what its constructor was given. */
	abstract static class TellingWorker implements Worker<String, String> {

		private final Object given;

		TellingWorker(Object given) {
			this.given = given;
		}

		@Override
		public String process(String input) {
			return this.given.toString();
		}

	}

	static class DefaultsWorker extends TellingWorker {

		record Args(String server, @org.springframework.boot.context.properties.bind.DefaultValue("80") int port) {
		}

		DefaultsWorker(Args args) {
			super(args);
		}

	}

	static class MapWorker extends TellingWorker {

		MapWorker(Map<String, Object> args) {
			super(args);
		}

	}

	record Named(String name) {

		@Override
		public String toString() {
			return "Bean[name=" + this.name + "]";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class RecordBeanConfiguration {

		@Bean
		Named bean() {
			return new Named("bean");
		}

	}

	static class RecordBeanWorker extends TellingWorker {

		RecordBeanWorker(Named bean) {
			super(bean);
		}

	}

	static class ValueWorker implements Worker<String, String> {

		private final ApplicationContext context;

		ValueWorker(ApplicationContext context) {
			this.context = context;
		}

		@Override
		public String process(String input) {
			return this.context.getEnvironment().getProperty(input);
		}

	}

	static class ProfileWorker extends TellingWorker {

		ProfileWorker(Marker marker) {
			super(marker.getClass().getAnnotation(Profile.class).value()[0]);
		}

	}

	static class Marker {

	}

	@Component
	@Profile("special")
	static class SpecialMarker extends Marker {

	}

	@Component
	@Profile("!special")
	static class OtherMarker extends Marker {

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ SpecialMarker.class, OtherMarker.class })
	static class ProfileConfiguration {

	}

	static class PackagesWorker extends TellingWorker {

		PackagesWorker(ApplicationContext context) {
			super(AutoConfigurationPackages.get(context));
		}

	}

	static class FailingWorker implements Worker<String, String> {

		@PostConstruct
		void start() {
			throw new IllegalStateException("no such license");
		}

		@Override
		public String process(String input) {
			return input;
		}

	}

}
