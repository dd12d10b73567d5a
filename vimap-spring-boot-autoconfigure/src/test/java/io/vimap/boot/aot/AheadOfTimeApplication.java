package io.vimap.boot.aot;

import java.util.List;
import java.util.stream.Stream;

import io.vimap.pool.ProcessPool;

import org.springframework.aot.AotDetector;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * An application that is processed ahead of time. It prints what its pool answers.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class AheadOfTimeApplication {

	private final ProcessPool<String, Greeter.Greeting> pool;

	/**
	 * Injected by the generics, which the generated code has to know.
	 * @param pool the pool
	 */
	AheadOfTimeApplication(ProcessPool<String, Greeter.Greeting> pool) {
		this.pool = pool;
	}

	public static void main(String[] args) {
		try (ConfigurableApplicationContext context = SpringApplication.run(AheadOfTimeApplication.class, args)) {
			context.getBean(AheadOfTimeApplication.class).greet();
		}
	}

	private void greet() {
		System.out.println("generated: " + AotDetector.useGeneratedArtifacts());
		System.out.println("application: " + ProcessHandle.current().pid());
		try (Stream<Greeter.Greeting> greetings = this.pool.imap(List.of("Ada", "Grace")).ordered().outputs()) {
			greetings.forEach(System.out::println);
		}
	}

}
