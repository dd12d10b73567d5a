package io.vimap.boot.test.autoconfigure;

import org.springframework.test.context.TestContext;
import org.springframework.test.context.support.AbstractTestExecutionListener;

/**
 * Forgets the accidents of a test, so that they don't befall the next one: its context is
 * cached.
 */
class ChaosResetTestExecutionListener extends AbstractTestExecutionListener {

	@Override
	public void afterTestMethod(TestContext testContext) {
		if (testContext.hasApplicationContext()) {
			testContext.getApplicationContext().getBeanProvider(PoolChaos.class).ifAvailable(PoolChaos::reset);
		}
	}

}
