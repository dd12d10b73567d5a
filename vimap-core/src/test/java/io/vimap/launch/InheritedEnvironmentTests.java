package io.vimap.launch;

import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class InheritedEnvironmentTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					-Dx=1 -agentlib:jdwp=transport=dt_socket,server=y,address=*:8000,suspend=n -Dy=2 | -Dx=1  -Dy=2
					-Xdebug -Xrunjdwp:transport=dt_socket,server=y,address=8000 | -Xdebug
					"-agentlib:jdwp=transport=dt_socket,server=y,address=8000" -ea | -ea
					-Dcom.sun.management.jmxremote.port=5000 -Dcom.sun.management.jmxremote.ssl=false | -Dcom.sun.management.jmxremote.ssl=false
					-Dcom.sun.management.jmxremote=true -javaagent:a.jar | -Dcom.sun.management.jmxremote=true -javaagent:a.jar
					-Dnote=-agentlib:jdwp=x | -Dnote=-agentlib:jdwp=x
					""")
	void keepsAllOptionsOfTheJvmThatDoNotListen(String options, String kept) {
		for (String variable : ChosenOptions.VARIABLES) {
			assertThat(reduced(Map.of(variable, options))).containsExactlyEntriesOf(Map.of(variable, kept));
		}
	}

	@Test
	void leavesOutAVariableThatSaysNothingElse() {
		assertThat(reduced(Map.of("JAVA_TOOL_OPTIONS", "-agentlib:jdwp=server=y", "HOME", "/home/me")))
			.containsExactlyEntriesOf(Map.of("HOME", "/home/me"));
	}

	private static Map<String, String> reduced(Map<String, String> environment) {
		Map<String, String> result = new HashMap<>(environment);
		InheritedEnvironment.reduce(result);
		return result;
	}

}
