package io.vimap.launch;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class JvmCommandLineTests {

	@Test
	void quotesForArgumentFiles() {
		assertThat(JvmCommandLine.quote("C:\\Program Files\\a.jar;'b'.jar"))
			.isEqualTo("\"C:\\\\Program Files\\\\a.jar;'b'.jar\"");
		assertThat(JvmCommandLine.quote("a\"b#c")).isEqualTo("\"a\\\"b#c\"");
	}

}
