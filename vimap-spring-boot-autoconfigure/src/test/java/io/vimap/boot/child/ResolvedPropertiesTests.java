package io.vimap.boot.child;

import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.PlaceholderResolutionException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ResolvedPropertiesTests {

	@Test
	void precedenceOfSourcesIsKeptAndOwnSystemPropertiesWin() {
		StandardEnvironment parent = new StandardEnvironment();
		parent.getPropertySources().addLast(new MapPropertySource("low", Map.of("x", "low", "y", "low", "z", "low")));
		System.setProperty("x", "parent's system property");
		ResolvedProperties resolved = ResolvedProperties.of(parent);
		System.setProperty("x", "child's system property");
		try {
			StandardEnvironment child = new StandardEnvironment();
			resolved.applyTo(child);
			assertThat(child.getProperty("x")).isEqualTo("child's system property");
			System.clearProperty("x");
			assertThat(child.getProperty("x")).isEqualTo("parent's system property");
			assertThat(child.getProperty("y")).isEqualTo("low");
			assertThat(child.getProperty("java.version")).isEqualTo(System.getProperty("java.version"));
			assertThat(child.getPropertySources().get("parent systemProperties").containsProperty("java.version"))
				.isFalse();
		}
		finally {
			System.clearProperty("x");
		}
	}

	@Test
	void placeholdersAreResolvedOnceAndByTheParent() {
		StandardEnvironment parent = new StandardEnvironment();
		parent.getPropertySources()
			.addLast(new MapPropertySource("file",
					Map.of("name", "Ada", "greeting", "${name}: \\${name}", "a", "${b}", "b", "${a}")));
		StandardEnvironment child = new StandardEnvironment();
		ResolvedProperties.of(parent).applyTo(child);
		child.getPropertySources().addFirst(new MapPropertySource("own", Map.of("name", "Eve")));
		assertThat(parent.getProperty("greeting")).isEqualTo("Ada: ${name}");
		assertThat(child.getProperty("greeting")).isEqualTo("Ada: ${name}");
		// One that needs itself disturbs nobody who does not ask for it.
		assertThatExceptionOfType(PlaceholderResolutionException.class).isThrownBy(() -> child.getProperty("a"));
	}

}
