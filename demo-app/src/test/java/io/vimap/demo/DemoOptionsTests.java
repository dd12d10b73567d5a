package io.vimap.demo;

import java.net.URI;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link DemoOptions}.
 */
class DemoOptionsTests {

	@Test
	void defaultsStayUpWithOwnServersAndFile() {
		DemoOptions options = DemoOptions.parse("--server.port=0");
		assertThat(options.once()).isFalse();
		assertThat(options.chaos()).isFalse();
		assertThat(options.servers()).isEmpty();
		assertThat(options.file().exists()).isTrue();
	}

	@Test
	void optionsAreRead() {
		DemoOptions options = DemoOptions.parse("--once", "--chaos", "--file=pom.xml",
				"--servers=http://a,https://b:8443/c");
		assertThat(options.once()).isTrue();
		assertThat(options.chaos()).isTrue();
		assertThat(options.file().getFilename()).isEqualTo("pom.xml");
		assertThat(options.servers()).containsExactly(URI.create("http://a"), URI.create("https://b:8443/c"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "--onec", "once", "--once=true", "--file", "--file=", "--file=nowhere", "--file=src",
			"--servers", "--servers=", "--servers=http://a,", "--servers=ftp://a", "--servers=a:80" })
	void whatThereIsNotIsRefused(String option) {
		assertThatIllegalArgumentException().isThrownBy(() -> DemoOptions.parse(option));
	}

}
