package io.vimap.launch;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

class InitProcessTests {

	@Test
	void warnsOnceAndSaysWhatToDo() {
		Logger logger = (Logger) LoggerFactory.getLogger(InitProcess.class);
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		logger.addAppender(log);
		try {
			InitProcess.warnIf(ProcessHandle.current().pid());
			assertThat(log.list).isEmpty();
			InitProcess.warnIf(1);
			InitProcess.warnIf(1);
			assertThat(log.list).singleElement().satisfies((event) -> {
				assertThat(event.getLevel()).isEqualTo(Level.WARN);
				assertThat(event.getFormattedMessage()).contains("process 1", "zombie", "--init");
			});
		}
		finally {
			logger.detachAppender(log);
		}
	}

}
