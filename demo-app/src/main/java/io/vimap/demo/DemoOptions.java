package io.vimap.demo;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;

/**
 * What the command line asks for. Options with a dot in their name are properties and
 * left to Spring Boot.
 *
 * @param once whether the application ends with the job
 * @param chaos whether workers are killed while the job runs
 * @param file the requests
 * @param servers the servers to use; empty for the demo's own
 */
record DemoOptions(boolean once, boolean chaos, Resource file, List<URI> servers) {

	static final String USAGE = """
			Usage: java -jar demo-app.jar [options]
			  --once                       exit when the job is done: 0 if every line was answered, else 1
			  --chaos                      kill a worker process every half second while the job runs
			  --file=PATH                  send the requests of this file (default: 12,892 that come with the demo)
			  --servers=http://A,http://B  send them to these servers, a worker each (default: two of the demo's own)
			  --help                       print this text
			  --any.property=VALUE         set a property, such as --demo.server.latency=5ms
			""";

	private static final List<String> NAMES = List.of("once", "chaos", "file", "servers");

	/**
	 * Reads the command line.
	 * @param args the arguments of the application
	 * @return the options
	 * @throws IllegalArgumentException if it asks for what there isn't
	 */
	static DemoOptions parse(String... args) {
		ApplicationArguments arguments = new DefaultApplicationArguments(args);
		for (String name : arguments.getOptionNames()) {
			require(NAMES.contains(name) || name.contains("."), "There is no option '--" + name + "'");
		}
		require(arguments.getNonOptionArgs().isEmpty(), "Not an option: " + arguments.getNonOptionArgs());
		return new DemoOptions(flag(arguments, "once"), flag(arguments, "chaos"), file(arguments), servers(arguments));
	}

	private static boolean flag(ApplicationArguments arguments, String name) {
		require(values(arguments, name).isEmpty(), "Option '--" + name + "' takes no value");
		return arguments.containsOption(name);
	}

	private static Resource file(ApplicationArguments arguments) {
		if (!arguments.containsOption("file")) {
			return new ClassPathResource("requests.jsonl");
		}
		Path file = Path.of(single(arguments, "file"));
		require(Files.isReadable(file) && !Files.isDirectory(file), "Option '--file': no such file: " + file);
		return new FileSystemResource(file);
	}

	private static List<URI> servers(ApplicationArguments arguments) {
		if (!arguments.containsOption("servers")) {
			return List.of();
		}
		return Arrays.stream(single(arguments, "servers").split(",", -1)).map(DemoOptions::server).toList();
	}

	private static URI server(String address) {
		require(address.matches("https?://[^/].*"), "Option '--servers': not an HTTP address: '" + address + "'");
		return URI.create(address);
	}

	private static String single(ApplicationArguments arguments, String name) {
		List<String> values = values(arguments, name);
		require(values.size() == 1 && !values.get(0).isEmpty(),
				"Option '--" + name + "' takes one value: --" + name + "=…");
		return values.get(0);
	}

	private static List<String> values(ApplicationArguments arguments, String name) {
		List<String> values = arguments.getOptionValues(name);
		return (values != null) ? values : List.of();
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException(message);
		}
	}

}
