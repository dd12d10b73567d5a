package io.vimap.boot.greeting;

import java.util.List;
import java.util.stream.Stream;

import io.vimap.pool.ProcessPool;

import org.springframework.aot.AotDetector;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/**
 * Prints what its pool answers, and ends unless {@code spring.main.keep-alive} is set.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class GreetingApplication implements ApplicationRunner {

	private final ProcessPool<String, Greeter.Greeting> pool;

	/**
	 * Injected by the generics, which code generated ahead of time has to know.
	 * @param pool the pool
	 */
	GreetingApplication(ProcessPool<String, Greeter.Greeting> pool) {
		this.pool = pool;
	}

	public static void main(String[] args) {
		SpringApplication.run(GreetingApplication.class, args);
	}

	@Override
	public void run(ApplicationArguments args) {
		System.out.println("generated: " + AotDetector.useGeneratedArtifacts());
		System.out.println("application: pid=" + ProcessHandle.current().pid() + " loader="
				+ getClass().getClassLoader().getClass().getSimpleName());
		try (Stream<Greeter.Greeting> greetings = this.pool.imap(List.of("Ada", "Grace")).ordered().outputs()) {
			greetings.forEach(System.out::println);
		}
	}

}
