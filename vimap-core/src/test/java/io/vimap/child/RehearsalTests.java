package io.vimap.child;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatCode;

class RehearsalTests {

	@Test
	void succeeds() {
		assertThatCode(Rehearsal::perform).doesNotThrowAnyException();
	}

}
