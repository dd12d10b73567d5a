package io.vimap.boot.autoconfigure;

import io.vimap.boot.InvalidPoolException;
import io.vimap.pool.ProcessPool;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

class AheadOfTimeCheckTests {

	private MockEnvironment environment = new MockEnvironment();

	@Test
	void whatTheBuildHadIsAccepted() {
		this.environment.setProperty("vimap.pools.my-upper.worker", TestWorkers.Echo.class.getName());
		this.environment.setProperty("vimap.pools.myupper.processes", "2");
		this.environment.setProperty("vimap.pools.my-upper.primary", "false");
		this.environment.setProperty("vimap.pools.other.enabled", "false");
		assertThatNoException().isThrownBy(this::check);
	}

	@Test
	void aPoolThatIsTheApplicationsOwnBeanIsNotJudged() {
		this.environment.setProperty("vimap.pools.own.enabled", "false");
		assertThatNoException().isThrownBy(this::check);
	}

	@Test
	void whatTheBuildHadNotIsRefused() {
		assertThatRefuses("vimap.enabled", "false", "'vimap.enabled' was 'true' when");
		String enabled = "vimap.pools.my-upper.enabled";
		assertThatRefuses(enabled, "false", "it was enabled when", enabled);
		String primary = "vimap.pools.my-upper.primary";
		assertThatRefuses(primary, "true", "it was not primary when", primary);
		String worker = "vimap.pools.my-upper.worker";
		assertThatRefuses(worker, TestWorkers.ArgsWorker.class.getName(), "TestWorkers$Echo when", worker);
		String other = "vimap.pools.other.processes";
		assertThatRefuses(other, "2", "'other' can't be created: there was no such pool when", other);
	}

	@Test
	void aPoolThatAParentContextHasIsThere() {
		this.environment.setProperty("vimap.pools.my-upper.processes", "2");
		assertThatNoException().isThrownBy(() -> check(new DefaultListableBeanFactory(beans())));
	}

	private void assertThatRefuses(String property, String value, String... because) {
		this.environment = new MockEnvironment().withProperty(property, value);
		assertThatExceptionOfType(InvalidPoolException.class).isThrownBy(this::check).withMessageContainingAll(because);
	}

	private void check() {
		check(beans());
	}

	private void check(DefaultListableBeanFactory beans) {
		VimapProperties properties = Binder.get(this.environment)
			.bindOrCreate("vimap", Bindable.of(VimapProperties.class));
		new AheadOfTimeCheck(properties, this.environment, beans).check();
	}

	private static DefaultListableBeanFactory beans() {
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		beans.registerSingleton(ProcessPoolAutoConfiguration.FACTORY_BEAN_NAME, new Object());
		beans.registerBeanDefinition("my-upper",
				ProcessPoolRegistrar.beanDefinition("my-upper", TestWorkers.Echo.class, false));
		beans.registerBeanDefinition("own", new RootBeanDefinition(ProcessPool.class));
		return beans;
	}

}
