package io.vimap.boot.autoconfigure;

import io.vimap.boot.InvalidPoolException;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
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
		this.environment.setProperty("vimap.pools.other.enabled", "false");
		assertThatNoException().isThrownBy(this::check);
	}

	@Test
	void whatTheBuildHadNotIsRefused() {
		assertThatRefuses("vimap.enabled", "false", "'vimap.enabled' was 'true' when");
		assertThatRefuses("vimap.pools.my-upper.enabled", "false", "it was enabled when");
		assertThatRefuses("vimap.pools.my-upper.worker", TestWorkers.ArgsWorker.class.getName(),
				"TestWorkers$Echo when");
		assertThatRefuses("vimap.pools.other.processes", "2", "'other' can't be created: there was no such pool when");
	}

	private void assertThatRefuses(String property, String value, String because) {
		this.environment = new MockEnvironment().withProperty(property, value);
		assertThatExceptionOfType(InvalidPoolException.class).isThrownBy(this::check).withMessageContaining(because);
	}

	private void check() {
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		beans.registerSingleton(ProcessPoolAutoConfiguration.FACTORY_BEAN_NAME, new Object());
		beans.registerBeanDefinition("my-upper",
				ProcessPoolRegistrar.beanDefinition("my-upper", TestWorkers.Echo.class, false));
		VimapProperties properties = Binder.get(this.environment)
			.bindOrCreate("vimap", Bindable.of(VimapProperties.class));
		new AheadOfTimeCheck(properties, this.environment, beans).check("my-upper", TestWorkers.Echo.class);
	}

}
