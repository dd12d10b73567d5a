package io.vimap.boot.autoconfigure;

import java.time.Duration;

import io.vimap.boot.ProcessPools;
import io.vimap.boot.VimapWorker;
import io.vimap.worker.Worker;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Service;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which of the parameters of a worker's constructor takes the init args, and which are
 * beans.
 */
class WorkerConstructorTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ProcessPoolAutoConfiguration.class))
		.withPropertyValues("vimap.defaults.mode=serial", "vimap.defaults.processes=1", "rates.currency=CHF",
				"vimap.pools.pool.init-args.server=one");

	@Test
	void recordOfPropertiesIsABean() {
		forWorker(PropertiesFirst.class).run((context) -> assertTells(context.getBean(ProcessPools.class), "CHF one"));
	}

	@Test
	void recordThatTheWorkerImportsIsABean() {
		forWorker(RecordBean.class)
			.run((context) -> assertTells(context.getBean(ProcessPools.class), "Zone[name=UTC] one"));
	}

	@Test
	void recordThatIsABeanOfTheApplicationIsOneOfTheWorkerToo() {
		forWorker(IndirectRecordBean.class).withUserConfiguration(Slice.class)
			.run((context) -> assertTells(context.getBean(ProcessPools.class), "Zone[name=UTC] one"));
	}

	@Test
	void ofTwoRecordsTheOneThatIsNoBeanTakesThem() {
		forWorker(RecordBeanFirst.class)
			.run((context) -> assertTells(context.getBean(ProcessPools.class), "Zone[name=UTC] one"));
	}

	@Test
	void recordOfPropertiesThatIsNotImportedIsMissed() {
		forWorker(PropertiesNotImported.class).run((context) -> assertThat(context).getFailure()
			.rootCause()
			.hasMessageContaining("No qualifying bean of type '" + RatesProperties.class.getName() + "'"));
	}

	@Test
	void componentThatIsNotImportedIsMissed() {
		forWorker(ServiceNotImported.class).run((context) -> assertThat(context).getFailure()
			.rootCause()
			.hasMessageContaining("No qualifying bean of type '" + Rates.class.getName() + "'"));
	}

	@Test
	void recordOfPropertiesMayBeThoseOfTheInitArgs() {
		forWorker(Annotated.class)
			.run((context) -> assertTells(context.getBean(ProcessPools.class), "Args[server=one]"));
	}

	private ApplicationContextRunner forWorker(Class<?> worker) {
		return this.runner.withPropertyValues("vimap.pools.pool.worker=" + worker.getName());
	}

	private static void assertTells(ProcessPools pools, String expected) {
		assertThat(pools.get("pool", String.class, String.class).submit("")).succeedsWithin(Duration.ofSeconds(20))
			.isEqualTo(expected);
	}

	/** Answers with what its constructor was given. */
	abstract static class Telling implements Worker<String, String> {

		private final String given;

		Telling(String given) {
			this.given = given;
		}

		@Override
		public String process(String input) {
			return this.given;
		}

	}

	record ServerArgs(String server) {
	}

	@ConfigurationProperties("rates")
	record RatesProperties(String currency) {
	}

	record Zone(String name) {
	}

	@Service
	static class Rates {

		@Value("${rates.currency}")
		private String currency;

		@Override
		public String toString() {
			return this.currency;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(RatesProperties.class)
	static class Slice {

		@Bean
		Zone zone() {
			return new Zone("UTC");
		}

	}

	@VimapWorker(value = "pool", imports = Slice.class)
	static class PropertiesFirst extends Telling {

		PropertiesFirst(RatesProperties properties, ServerArgs args) {
			super(properties.currency() + " " + args.server());
		}

	}

	@VimapWorker(value = "pool", imports = Slice.class)
	static class RecordBean extends Telling {

		RecordBean(Zone zone, @Value("${worker.args.server}") String server) {
			super(zone + " " + server);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Slice.class)
	static class MoreThanTheSlice {

	}

	@VimapWorker(value = "pool", imports = MoreThanTheSlice.class)
	static class IndirectRecordBean extends RecordBean {

		IndirectRecordBean(Zone zone, @Value("${worker.args.server}") String server) {
			super(zone, server);
		}

	}

	@VimapWorker(value = "pool", imports = MoreThanTheSlice.class)
	static class RecordBeanFirst extends Telling {

		RecordBeanFirst(Zone zone, ServerArgs args) {
			super(zone + " " + args.server());
		}

	}

	static class PropertiesNotImported extends Telling {

		PropertiesNotImported(RatesProperties properties, @Value("${worker.args.server}") String server) {
			super(properties + server);
		}

	}

	static class ServiceNotImported extends Telling {

		ServiceNotImported(Rates rates) {
			super(rates.toString());
		}

	}

	static class Annotated extends Telling {

		@ConfigurationProperties("worker.args")
		record Args(String server) {
		}

		Annotated(Args args) {
			super(args.toString());
		}

	}

}
