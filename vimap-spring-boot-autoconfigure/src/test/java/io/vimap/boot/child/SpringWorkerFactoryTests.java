package io.vimap.boot.child;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import io.micrometer.tracing.test.simple.SimpleTracer;
import io.vimap.worker.ContextualWorker;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerContext;
import io.vimap.worker.WorkerFactory;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.MessageSource;
import org.springframework.context.NoSuchMessageException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Profile;
import org.springframework.context.support.StaticMessageSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
	void precedenceOfSourcesIsKeptAndOwnSystemPropertiesWin() throws Exception {
		this.parent.getPropertySources()
			.addLast(new MapPropertySource("low", Map.of("x", "low", "y", "low", "z", "low")));
		System.setProperty("x", "parent's system property");
		ResolvedProperties resolved = ResolvedProperties.of(this.parent);
		System.setProperty("x", "child's system property");
		try {
			StandardEnvironment child = new StandardEnvironment();
			resolved.applyTo(child);
			assertThat(child.getProperty("x")).isEqualTo("child's system property");
			System.clearProperty("x");
			assertThat(child.getProperty("x")).isEqualTo("parent's system property");
			assertThat(child.getProperty("y")).isEqualTo("low");
			assertThat(child.getProperty("java.version")).isEqualTo(System.getProperty("java.version"));
			assertThat(child.getPropertySources().get("parent systemProperties").containsProperty("java.version"))
				.isFalse();
		}
		finally {
			System.clearProperty("x");
		}
	}

	@Test
	void profilesOfTheParentAreActive() throws Exception {
		this.parent.setActiveProfiles("special");
		assertThat(create(ProfileWorker.class, ProfileConfiguration.class).process("")).isEqualTo("special");
	}

	@Test
	void messagesNeedNoSource() throws Exception {
		Worker<String, String> worker = create(MessageWorker.class);
		assertThat(worker.process("greeting=Hello {0}")).isEqualTo("Hello you");
		assertThatExceptionOfType(NoSuchMessageException.class).isThrownBy(() -> worker.process("greeting"));
	}

	@Test
	void importedMessageSourceIsUsed() throws Exception {
		Worker<String, String> worker = create(MessageWorker.class, MessageConfiguration.class);
		assertThat(worker.process("greeting=Hello {0}")).isEqualTo("Bonjour you");
		assertThat(worker.process("greeting")).isEqualTo("Bonjour you");
		assertThatExceptionOfType(NoSuchMessageException.class).isThrownBy(() -> worker.process("farewell"));
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

	@Test
	void loggingContextOfTheCallerIsInForceOnlyWhileTheWorkerRuns() throws Exception {
		ContextualWorker<String, String> worker = (ContextualWorker<String, String>) create(MdcWorker.class);
		assertThat(worker.process("", Map.of("traceId", "abc"))).isEqualTo("abc");
		assertThat(MDC.get("traceId")).isNull();
		assertThat(worker.process("", Map.of())).isEqualTo("null");
	}

	@Test
	void traceOfTheCallerGoesOnInTheChild() throws Exception {
		ContextualWorker<String, String> worker = (ContextualWorker<String, String>) create(TracedWorker.class,
				TracingConfiguration.class);
		String traceId = worker.process("",
				Map.of("user", "me", "vimap:traceparent", "4bf92f3577b34da6-00f067aa0ba902b7"));
		assertThat(traceId).isEqualTo("4bf92f3577b34da6 {user=me}");
		assertThat(TracingConfiguration.tracer.getSpans()).singleElement().satisfies((span) -> {
			assertThat(span.getName()).isEqualTo("vimap.task");
			assertThat(span.getTags()).containsEntry("vimap.pool", "tested");
			assertThat(span.getEndTimestamp()).isNotNull();
		});
		assertThatException().isThrownBy(() -> worker.process("fail", Map.of()));
		assertThat(TracingConfiguration.tracer.lastSpan().getError()).hasMessage("told to");
	}

	@SuppressWarnings("unchecked")
	private Worker<String, String> create(Class<?> worker, Class<?>... imports) throws Exception {
		SpringWorkerFactory<String, String> factory = SpringWorkerFactory.of(worker.getName(),
				List.of(imports).stream().map(Class::getName).toList(), List.of("com.example"),
				ResolvedProperties.of(this.parent), this.initArgs, null);
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
			out.writeObject(factory);
		}
		try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
			return ((WorkerFactory<String, String>) in.readObject()).create(new FakeWorkerContext());
		}
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

	static class DefaultsWorker implements Worker<String, String> {

		record Args(String server, @org.springframework.boot.context.properties.bind.DefaultValue("80") int port) {
		}

		private final Args args;

		DefaultsWorker(Args args) {
			this.args = args;
		}

		@Override
		public String process(String input) {
			return this.args.toString();
		}

	}

	static class MapWorker implements Worker<String, String> {

		private final Map<String, Object> args;

		MapWorker(Map<String, Object> args) {
			this.args = args;
		}

		@Override
		public String process(String input) {
			return this.args.toString();
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

	static class RecordBeanWorker implements Worker<String, String> {

		private final Named bean;

		RecordBeanWorker(Named bean) {
			this.bean = bean;
		}

		@Override
		public String process(String input) {
			return this.bean.toString();
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

	static class ProfileWorker implements Worker<String, String> {

		private final Marker marker;

		ProfileWorker(Marker marker) {
			this.marker = marker;
		}

		@Override
		public String process(String input) {
			return this.marker.getClass().getAnnotation(Profile.class).value()[0];
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

	/** Is given a code, or a code and a default message. */
	static class MessageWorker implements Worker<String, String> {

		private final MessageSource messages;

		MessageWorker(MessageSource messages) {
			this.messages = messages;
		}

		@Override
		public String process(String input) {
			String[] code = input.split("=", 2);
			Object[] args = { "you" };
			return (code.length == 1) ? this.messages.getMessage(code[0], args, Locale.FRENCH)
					: this.messages.getMessage(code[0], args, code[1], Locale.FRENCH);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MessageConfiguration {

		@Bean
		StaticMessageSource messageSource() {
			StaticMessageSource messages = new StaticMessageSource();
			messages.addMessage("greeting", Locale.FRENCH, "Bonjour {0}");
			return messages;
		}

	}

	static class PackagesWorker implements Worker<String, String> {

		private final ApplicationContext context;

		PackagesWorker(ApplicationContext context) {
			this.context = context;
		}

		@Override
		public String process(String input) {
			return AutoConfigurationPackages.get(this.context).toString();
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

	static class MdcWorker implements Worker<String, String> {

		@Override
		public String process(String input) {
			return String.valueOf(MDC.get("traceId"));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TracingConfiguration {

		static SimpleTracer tracer;

		@Bean
		Tracer tracer() {
			tracer = new SimpleTracer();
			return tracer;
		}

		@Bean
		Propagator propagator(Tracer tracer) {
			return new TestPropagator(tracer);
		}

	}

	static class TracedWorker implements Worker<String, String> {

		private final Tracer tracer;

		TracedWorker(Tracer tracer) {
			this.tracer = tracer;
		}

		@Override
		public String process(String input) {
			if (input.equals("fail")) {
				throw new IllegalStateException("told to");
			}
			return this.tracer.currentSpan().context().traceId() + " " + MDC.getCopyOfContextMap();
		}

	}

}
