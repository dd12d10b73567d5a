package io.vimap.boot.autoconfigure;

import java.util.List;

import io.vimap.boot.InvalidPoolException;
import io.vimap.boot.ManagedProcessPool;
import io.vimap.pool.ProcessPool;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.ConstructorArgumentValues.ValueHolder;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Registers one bean definition per pool, typed by what its worker class declares, and
 * one for its client if it has one. Not a {@code BeanRegistrar}: that can neither see the
 * packages of the application nor beans of the user's own. The definitions name a factory
 * method instead of a supplier, which {@link ProcessPoolAotProcessor} could not write
 * down.
 */
class ProcessPoolRegistrar implements ImportBeanDefinitionRegistrar {

	private final ConfigurableListableBeanFactory beanFactory;

	private final Environment environment;

	private final PoolBeanDefinitions definitions;

	ProcessPoolRegistrar(BeanFactory beanFactory, Environment environment, ResourceLoader resourceLoader) {
		this.beanFactory = (ConfigurableListableBeanFactory) beanFactory;
		this.environment = environment;
		this.definitions = new PoolBeanDefinitions(environment, resourceLoader);
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		List<String> packages = AutoConfigurationPackages.has(this.beanFactory)
				? AutoConfigurationPackages.get(this.beanFactory) : List.of();
		InheritedPools inherited = new InheritedPools(this.beanFactory.getParentBeanFactory());
		List<PoolBeanDefinition> pools = this.definitions.find(packages, inherited.uniformNames());
		if (pools.isEmpty()) {
			// With pools it is done when the first of them is made.
			new BindingCheck(this.environment).checkWithoutPools();
		}
		for (PoolBeanDefinition definition : pools) {
			if (inherited.contain(definition)) {
				continue;
			}
			if (!this.beanFactory.containsLocalBean(definition.name())) {
				registry.registerBeanDefinition(definition.name(),
						beanDefinition(definition.name(), definition.worker(), definition.primary()));
			}
			else if (!this.beanFactory.isTypeMatch(definition.name(), ProcessPool.class)) {
				throw new InvalidPoolException(definition.name(),
						"there is another bean of this name, which is no ProcessPool: "
								+ describe(definition.name(), registry) + ".",
						"Give the pool or the bean another name.", null, null);
			}
			Class<?> client = definition.types().client();
			if (client != null && this.beanFactory.getBeanNamesForType(client, true, false).length == 0) {
				registry.registerBeanDefinition(client.getName(), clientDefinition(definition.name(), client));
			}
		}
	}

	/** Spring's own beans, such as 'environment', have no definition. */
	private Object describe(String bean, BeanDefinitionRegistry registry) {
		return registry.containsBeanDefinition(bean) ? registry.getBeanDefinition(bean)
				: String.valueOf(this.beanFactory.getType(bean));
	}

	/**
	 * Defines the bean of a pool. Also called by the code that is generated ahead of
	 * time.
	 * @param name the pool's name
	 * @param worker its worker class, which has been checked
	 * @param primary whether the bean is primary
	 * @return a new definition
	 */
	static RootBeanDefinition beanDefinition(String name, Class<?> worker, boolean primary) {
		PoolTypes types = PoolTypes.of(name, worker);
		RootBeanDefinition bean = new RootBeanDefinition(ManagedProcessPool.class);
		bean.setTargetType(
				ResolvableType.forClassWithGenerics(ManagedProcessPool.class, types.input(), types.output()));
		bean.setFactoryBeanName(ProcessPoolAutoConfiguration.FACTORY_BEAN_NAME);
		bean.setFactoryMethodName("create");
		bean.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
		bean.getConstructorArgumentValues().addIndexedArgumentValue(1, worker);
		bean.setPrimary(primary);
		bean.setDescription("Process pool '" + name + "'");
		return bean;
	}

	/**
	 * Finds the worker in the definition of a pool.
	 * @param bean the definition of a bean
	 * @return the worker class, or {@code null} if the bean is not defined here
	 */
	static @Nullable Class<?> workerOf(BeanDefinition bean) {
		ValueHolder worker = ProcessPoolAutoConfiguration.FACTORY_BEAN_NAME.equals(bean.getFactoryBeanName())
				? bean.getConstructorArgumentValues().getIndexedArgumentValue(1, Class.class) : null;
		return (worker != null) ? (Class<?>) worker.getValue() : null;
	}

	/**
	 * Defines the bean of a pool's client. Also called by the code that is generated
	 * ahead of time.
	 * @param pool the pool's name
	 * @param client the client
	 * @return a new definition
	 */
	static RootBeanDefinition clientDefinition(String pool, Class<?> client) {
		RootBeanDefinition bean = new RootBeanDefinition(client);
		bean.setTargetType(client);
		bean.setFactoryBeanName(ProcessPoolAutoConfiguration.FACTORY_BEAN_NAME);
		bean.setFactoryMethodName("createClient");
		bean.getConstructorArgumentValues().addIndexedArgumentValue(0, pool);
		bean.getConstructorArgumentValues().addIndexedArgumentValue(1, client);
		// A method of the interface that is named close is a task, not the bean's end.
		bean.setDestroyMethodName("");
		bean.setDescription("Client of process pool '" + pool + "'");
		return bean;
	}

}
