package io.vimap.crash;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import io.vimap.Vimap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that is debugged or watched through a port, as container images and
 * editors have it: by a variable that its children inherit.
 */
class DebuggedParentIT {

	@ParameterizedTest
	@ValueSource(strings = { "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS" })
	void itsWorkersDoNotListenWhereItDoes(String variable) throws Exception {
		Process program = start(variable,
				"-Dgreeting=hello -agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:" + freePort()
						+ " -Dcom.sun.management.jmxremote.port=" + freePort()
						+ " -Dcom.sun.management.jmxremote.ssl=false"
						+ " -Dcom.sun.management.jmxremote.authenticate=false");
		String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(output).contains("Listening for transport dt_socket")
			.as("the other options hold for workers, too")
			.contains("ape says hello");
		assertThat(program.waitFor()).as(output).isZero();
	}

	private static Process start(String variable, String options) throws IOException {
		String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
		ProcessBuilder builder = new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"),
				DebuggedParentIT.class.getName() + "$Main")
			.redirectErrorStream(true);
		builder.environment().put(variable, options);
		return builder.start();
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	static final class Main {

		private Main() {
		}

		public static void main(String[] args) {
			try (Stream<String> outputs = Vimap
				.imapOrdered((String word) -> word + " says " + System.getProperty("greeting"), List.of("ape"))) {
				outputs.forEach(System.out::println);
			}
		}

	}

}
