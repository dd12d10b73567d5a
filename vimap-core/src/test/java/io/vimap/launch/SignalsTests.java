package io.vimap.launch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class SignalsTests {

	@ParameterizedTest
	@CsvSource({ "129, SIGHUP", "130, SIGINT", "134, SIGABRT", "135, SIGBUS", "137, SIGKILL", "139, SIGSEGV",
			"143, SIGTERM", "138, SIGUSR1", "159, SIGSYS" })
	void namesTheSignalsOfLinux(int exitCode, String name) {
		assertThat(Signals.ofExitCode(exitCode, "Linux")).isEqualTo(name);
	}

	@ParameterizedTest
	@CsvSource({ "137, SIGKILL", "138, SIGBUS", "139, SIGSEGV", "140, SIGSYS", "158, SIGUSR1" })
	void namesTheSignalsOfMac(int exitCode, String name) {
		assertThat(Signals.ofExitCode(exitCode, "Mac OS X")).isEqualTo(name);
	}

	@Test
	void knowsWhatIsNoSignal() {
		assertThat(Signals.ofExitCode(0, "Linux")).isNull();
		assertThat(Signals.ofExitCode(3, "Linux")).isNull();
		assertThat(Signals.ofExitCode(128, "Linux")).isNull();
		assertThat(Signals.ofExitCode(255, "Linux")).isNull();
		assertThat(Signals.ofExitCode(137, "Windows 11")).isNull();
	}

}
