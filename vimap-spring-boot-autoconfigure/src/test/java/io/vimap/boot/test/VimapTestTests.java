package io.vimap.boot.test;

import java.util.Collections;
import java.util.List;

import io.vimap.boot.test.autoconfigure.PoolChaos;
import io.vimap.boot.test.autoconfigure.VimapTest;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.WorkerException;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@VimapTest(properties = "shout.end=?")
class VimapTestTests {

	@Autowired
	private ProcessPool<String, String> shout;

	@Autowired
	private Application.Where where;

	@Autowired
	private PoolChaos chaos;

	@Autowired
	private ApplicationContext context;

	@Test
	void workersRunInThisJvmWithTheirContexts() {
		assertThat(this.shout.imap(List.of("a", "b")).ordered().outputs()).containsExactly("A?", "B?");
		assertThat(this.where.pid()).isEqualTo(ProcessHandle.current().pid());
	}

	@Test
	void nothingElseIsThere() {
		assertThat(this.context.getBeanNamesForType(Unwanted.class)).isEmpty();
		assertThat(this.context.containsBean("applicationTaskExecutor")).isFalse();
	}

	@Test
	void chaosInASerialPoolFailsTheTaskAndSpellsOutWhy() {
		this.chaos.of("shout").kill(0, 1);
		assertThatExceptionOfType(WorkerException.class)
			.isThrownBy(() -> this.shout.imap(Collections.nCopies(100, "a")).blockIgnoreOutput())
			.withStackTraceContaining("Let the pool be forked");
	}

	@Test
	void chaosOfAPoolThatDoesNotExist() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.chaos.of("nowhere"))
			.withMessageContaining("There are: [")
			.withMessageContaining("shout");
	}

}
