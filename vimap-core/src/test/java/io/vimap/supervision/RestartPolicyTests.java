package io.vimap.supervision;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class RestartPolicyTests {

	private final RestartPolicy policy = new RestartPolicy(3, Duration.ofSeconds(30), Duration.ofMillis(100),
			Duration.ofSeconds(30));

	@ParameterizedTest
	@CsvSource({ "1, 0", "2, 100", "3, 200", "4, 400", "5, 800", "9, 12800", "10, 25600", "11, 30000", "1000, 30000" })
	void pauseDoublesUpToTheLongest(int inARow, long millis) {
		assertThat(this.policy.afterFailure(new ArrayDeque<>(), inARow, 0, 0)).isEqualTo(millis * 1_000_000);
	}

	@Test
	void givesUpAfterTheAllowedNumberWithinThePeriod() {
		Deque<Long> restarts = new ArrayDeque<>();
		for (int i = 0; i < 3; i++) {
			assertThat(this.policy.afterFailure(restarts, 1, i, 0)).isZero();
		}
		assertThat(this.policy.afterFailure(restarts, 1, 3, 0)).isEqualTo(RestartPolicy.GIVE_UP);
	}

	@Test
	void forgetsWhatIsOlderThanThePeriod() {
		Deque<Long> restarts = new ArrayDeque<>();
		for (int i = 0; i < 100; i++) {
			long now = i * Duration.ofSeconds(11).toNanos();
			assertThat(this.policy.afterFailure(restarts, 1, now, now)).isZero();
			assertThat(restarts).hasSizeLessThanOrEqualTo(3);
		}
	}

	@Test
	void forgetsNothingWhileNoWorkerIsReady() {
		Deque<Long> restarts = new ArrayDeque<>();
		long minute = Duration.ofMinutes(1).toNanos();
		for (int i = 1; i <= 3; i++) {
			assertThat(this.policy.afterFailure(restarts, 1, i * minute, 0)).isZero();
		}
		assertThat(this.policy.afterFailure(restarts, 1, 4 * minute, 0)).isEqualTo(RestartPolicy.GIVE_UP);
		assertThat(this.policy.describe(restarts)).contains("restart.intensity").contains("while no worker was ready");
		assertThat(this.policy.afterFailure(restarts, 1, 5 * minute, 3 * minute)).isZero();
	}

}
