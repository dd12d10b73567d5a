package io.vimap.launch;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class JvmTimersTests {

	private static final String HOTSPOT = "OpenJDK 64-Bit Server VM";

	private static final String[] OPTIONS = { "-XX:+UnlockDiagnosticVMOptions", "-XX:AsyncDeflationInterval=1000" };

	@ParameterizedTest
	@CsvSource({ HOTSPOT + ",17", HOTSPOT + ",25", "Java HotSpot(TM) 64-Bit Server VM,21" })
	void unlocksBeforeItSets(String vm, int version) {
		assertThat(JvmTimers.options(vm, version, ChosenOptions.of(List.of(), Map.of()))).containsExactly(OPTIONS);
	}

	@ParameterizedTest
	@CsvSource({ HOTSPOT + ",16", HOTSPOT + ",26", "Eclipse OpenJ9 VM,17", "Zing 64-Bit Tiered VM,21" })
	void givesNothingToAJvmThatMayNotKnowIt(String vm, int version) {
		assertThat(JvmTimers.options(vm, version, ChosenOptions.of(List.of(), Map.of()))).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "-XX:AsyncDeflationInterval=0", "-XX:GuaranteedAsyncDeflationInterval=9",
			"-XX:GuaranteedSafepointInterval=1", "-XX:MonitorUsedDeflationThreshold=1" })
	void leavesThemToThePoolAndTheEnvironment(String option) {
		ChosenOptions byPool = ChosenOptions.of(List.of("-Da=b", option), Map.of());
		assertThat(JvmTimers.options(HOTSPOT, 17, byPool)).isEmpty();
		ChosenOptions byVariable = ChosenOptions.of(List.of(), Map.of("JDK_JAVA_OPTIONS", "-Da=b " + option));
		assertThat(JvmTimers.options(HOTSPOT, 17, byVariable)).isEmpty();
	}

}
