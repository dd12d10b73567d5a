package io.vimap.launch;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class JvmOptionsTests {

	@Test
	void hasSmallDefaults() {
		assertThat(defaults()).contains("-XX:+UseSerialGC", "-Xms16m", "-Xmx256m", "-XX:+ExitOnOutOfMemoryError");
	}

	@Test
	void leavesTheCollectorToThePool() {
		assertThat(defaults("-XX:+UseZGC")).doesNotContain("-XX:+UseSerialGC");
		assertThat(JvmOptions.defaults(ChosenOptions.of(List.of(), Map.of("JAVA_TOOL_OPTIONS", "-Da=b -XX:+UseG1GC"))))
			.doesNotContain("-XX:+UseSerialGC");
	}

	@Test
	void leavesTheHeapToThePool() {
		assertThat(defaults("-Xmx1g")).contains("-Xms16m").doesNotContain("-Xmx256m");
		assertThat(defaults("-XX:MaxHeapSize=2000000k")).contains("-Xms16m").doesNotContain("-Xmx256m");
		assertThat(defaults("-Xmx16777215")).doesNotContain("-Xms16m", "-Xmx256m");
		assertThat(defaults("-Xms1g")).doesNotContain("-Xms16m", "-Xmx256m");
		assertThat(defaults("-XX:MaxRAMPercentage=20")).doesNotContain("-Xms16m", "-Xmx256m");
		assertThat(defaults("-Xss1m", "-XX:MaxMetaspaceSize=64m")).contains("-Xms16m", "-Xmx256m");
	}

	private static List<String> defaults(String... jvmArgs) {
		return JvmOptions.defaults(ChosenOptions.of(List.of(jvmArgs), Map.of()));
	}

}
