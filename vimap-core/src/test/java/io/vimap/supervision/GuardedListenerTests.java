package io.vimap.supervision;

import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vimap.pool.PoolListener;
import io.vimap.pool.TaskOutcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

class GuardedListenerTests {

	private final Logger logger = (Logger) LoggerFactory.getLogger(GuardedListener.class);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private long now;

	private final PoolListener listener = new GuardedListener("p", new PoolListener() {

		@Override
		public void onTask(String pool, TaskOutcome outcome, long waitNanos, long runNanos) {
			throw new IllegalStateException();
		}

	}, () -> this.now);

	@BeforeEach
	void attach() {
		this.log.start();
		this.logger.addAppender(this.log);
	}

	@AfterEach
	void detach() {
		this.logger.detachAppender(this.log);
	}

	@Test
	void failuresAreCountedAndToldOnceAMinute() {
		for (int i = 0; i < 100; i++) {
			fail();
		}
		assertThat(this.log.list).hasSize(1);
		this.now += TimeUnit.SECONDS.toNanos(60);
		fail();
		assertThat(this.log.list).hasSize(2);
		assertThat(this.log.list.get(1).getFormattedMessage()).contains("99 times since the last report");
		this.now += TimeUnit.SECONDS.toNanos(60);
		fail();
		assertThat(this.log.list.get(2).getFormattedMessage()).doesNotContain("times");
	}

	private void fail() {
		this.listener.onTask("p", TaskOutcome.SUCCESS, 1, 1);
	}

}
