package io.vimap.boot.it;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.vimap.boot.VimapWorker;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * A worker that tells about its process, or does what it is told.
 */
@VimapWorker(value = "probe", imports = Probe.Slice.class)
public class Probe implements Worker<String, Probe.Answer> {

	public static final AtomicInteger INSTANCES = new AtomicInteger();

	private static final Logger logger = LoggerFactory.getLogger(Probe.class);

	private final Args args;

	private final Clock clock;

	private final Environment environment;

	private WorkerContext context;

	@Value("${app.name:none}")
	private String name;

	Probe(Args args, Clock clock, Environment environment) {
		this.args = args;
		this.clock = clock;
		this.environment = environment;
		System.out.println("a probe was constructed in " + ProcessHandle.current().pid());
		INSTANCES.incrementAndGet();
	}

	@Override
	public void init(WorkerContext context) {
		this.context = context;
		if ("fail".equals(this.args.server())) {
			throw new IllegalStateException("the license has expired");
		}
	}

	@Override
	public Answer process(String input) throws Exception {
		String[] words = input.split(" ", 2);
		String said = switch (words[0]) {
			case "property" -> this.environment.getProperty(words[1]);
			case "sleep" -> sleep(Duration.parse(words[1]));
			case "throw" -> throw new IllegalArgumentException(words[1]);
			case "exit" -> {
				System.exit(Integer.parseInt(words[1]));
				yield "";
			}
			case "debug" -> {
				logger.debug(words[1]);
				yield Boolean.toString(logger.isDebugEnabled());
			}
			case "info" -> {
				logger.info(words[1]);
				yield words[1];
			}
			case "warn" -> {
				logger.warn(words[1]);
				yield words[1];
			}
			case "error" -> {
				logger.error(words[1], new IllegalStateException("the printer is on fire"));
				yield words[1];
			}
			case "print" -> {
				System.out.println(words[1]);
				System.err.println("stderr: " + words[1]);
				yield words[1];
			}
			case "mdc" -> String.valueOf(MDC.get(words[1]));
			default -> this.name;
		};
		return new Answer(this.context.pid(), this.context.index(), this.args, said, this.clock.name());
	}

	/** Its name shows in a thread dump. */
	private String sleep(Duration duration) throws InterruptedException {
		Thread.sleep(duration.toMillis());
		return "slept";
	}

	/**
	 * Init args.
	 */
	public record Args(String server, Duration timeout, List<String> tags) {
	}

	/**
	 * Answer.
	 */
	public record Answer(long pid, int index, Args args, String said, String clock) {
	}

	/**
	 * A bean of the slice.
	 */
	public record Clock(String name) {
	}

	/**
	 * What the worker imports.
	 */
	@Configuration(proxyBeanMethods = false)
	public static class Slice {

		@Bean
		Clock clock(@Value("${slice.clock:system}") String name) {
			return new Clock(name);
		}

	}

}
