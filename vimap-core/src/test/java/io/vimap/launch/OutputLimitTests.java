package io.vimap.launch;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OutputLimitTests {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	// Any time: nanoTime() may be negative and may overflow.
	private final long start = Long.MAX_VALUE - SECOND / 2;

	private final OutputLimit limit = new OutputLimit(this.start);

	@Test
	void admitsABurst() {
		assertThat(admitted(20_000, this.start)).isEqualTo(10_000);
		assertThat(this.limit.takeDropped()).isEqualTo(10_000);
		assertThat(this.limit.takeDropped()).isZero();
	}

	@Test
	void admitsNothingForASecondThenTwoThousand() {
		admitted(10_001, this.start);
		assertThat(admitted(1_000, this.start + SECOND - 1)).isZero();
		assertThat(admitted(5_000, this.start + SECOND)).isEqualTo(2_000);
		assertThat(this.limit.takeDropped()).isEqualTo(1 + 1_000 + 3_000);
		assertThat(admitted(5_000, this.start + 2 * SECOND - 1)).isZero();
		assertThat(admitted(5_000, this.start + 2 * SECOND)).isEqualTo(2_000);
	}

	@Test
	void neverDropsWhatIsBelowTheRate() {
		long now = this.start;
		for (int i = 0; i < 100_000; i++) {
			now += SECOND / 2_000;
			assertThat(this.limit.admit(now)).isTrue();
		}
		assertThat(this.limit.takeDropped()).isZero();
	}

	@Test
	void savesUpForNoMoreThanABurst() {
		assertThat(admitted(50_000, this.start + 3600 * SECOND)).isEqualTo(10_000);
	}

	@Test
	void admitsFewerToASlowListener() {
		long now = this.start;
		long inListener = 0;
		for (int i = 0; i < 100_000; i++) {
			now += SECOND / 1_000;
			if (this.limit.admit(now)) {
				this.limit.charge(SECOND / 1_000);
				inListener += SECOND / 1_000;
			}
		}
		// A quarter of the time, and the burst at the start.
		assertThat(inListener).isBetween(15 * SECOND, 30 * SECOND);
	}

	private int admitted(int lines, long now) {
		int admitted = 0;
		for (int i = 0; i < lines; i++) {
			admitted += this.limit.admit(now) ? 1 : 0;
		}
		return admitted;
	}

}
