package io.vimap.benchmarks;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SamplesTests {

	@Test
	void medianIsTheMiddle() {
		assertThat(Samples.of(9, 1, 5).median()).isEqualTo(5);
		assertThat(Samples.of(1, 3).median()).isEqualTo(2);
	}

	@Test
	void ratiosAreTakenRepetitionByRepetition() {
		assertThat(Samples.of(1, 20, 300).ratioTo(Samples.of(1, 10, 100))).isEqualTo(2);
	}

	@Test
	void resultLineHasItsForm() {
		Result result = Result.of("echo", "tasks/s", Samples.of(1_500_000)).limit("raw", Samples.of(3_000_000));
		assertThat(result.line())
			.isEqualTo("RESULT name=echo value=1500000 unit=tasks/s limit=3000000 ratio=0.500 peer=- peer_value=-");
		assertThat(result.target("more", false).cells()).last().isEqualTo("MISSED");
	}

	@Test
	void rowWithoutFigureSaysWhy() {
		Result result = Result.none("echo", "no reason");
		assertThat(result.line()).isEqualTo("RESULT name=echo value=- unit=- limit=- ratio=- peer=- peer_value=-");
		assertThat(result.cells()).hasSameSizeAs(Table.HEAD).last().isEqualTo("not measured: no reason");
	}

}
