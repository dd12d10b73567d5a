package io.vimap.boot.it;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

class NativeImageIT {

	@Test
	void refusesToStartInASentence() throws Exception {
		// What tells a native image is read once per JVM; with "agent" Spring itself
		// starts
		// as usual, and a context needs no newer Java as an application does.
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Dorg.graalvm.nativeimage.imagecode=agent", "-cp", System.getProperty("java.class.path"),
				Main.class.getName())
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(output).contains("Pool 'probe' can't be created",
				"a native image has neither a JVM nor a class path", "set 'vimap.enabled' to 'false'");
		assertThat(process.waitFor()).isEqualTo(1);
	}

	static class Main {

		public static void main(String[] args) {
			new AnnotationConfigApplicationContext(TestApplication.class).close();
		}

	}

}
