package io.vimap.boot.autoconfigure;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Elements of lists that are set one by one, but not all of them: a variable of the
 * operating system is meant to set one element of a list that a file has.
 */
@ExtendWith(OutputCaptureExtension.class)
class ListWithAGapTests {

	@ParameterizedTest
	@CsvSource({ "workers[1].server, primary=true, workers, 1", "workers[2].server, workers[0].server=b, workers, 2",
			"jvm-args[1], primary=true, jvm-args, 1", "retry.on[1], retry.on[3]=crash, retry.on, 1" })
	void reportNamesTheListAndTheElement(String element, String other, String list, int index, CapturedOutput output) {
		assertThatException().isThrownBy(() -> new SpringApplicationBuilder(Main.class).web(WebApplicationType.NONE)
			.run("--vimap.pools.bad.worker=" + TestWorkers.Echo.class.getName(),
					"--vimap.pools.bad." + element + "=crash", "--vimap.pools.bad." + other));
		assertThat(output)
			.contains(
					"The list 'vimap.pools.bad." + list + "' has an element [" + index
							+ "], but not all of those before it.",
					"Property: vimap.pools.bad." + element, "Value: \"crash\"", "Origin: ",
					"Number the elements from 0", "all of them from one source")
			.doesNotContain("Bindable@", "is not a list");
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(ProcessPoolAutoConfiguration.class)
	static class Main {

	}

}
