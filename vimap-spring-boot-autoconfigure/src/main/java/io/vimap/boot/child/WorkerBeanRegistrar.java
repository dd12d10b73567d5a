package io.vimap.boot.child;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.AnnotatedGenericBeanDefinition;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;

/**
 * Registers the worker as a bean once all other beans are known: only then can be told
 * which of its constructor parameters is none of them and so takes the init args.
 */
final class WorkerBeanRegistrar implements BeanFactoryPostProcessor {

	private final Class<?> workerClass;

	private final Binder binder;

	WorkerBeanRegistrar(Class<?> workerClass, Binder binder) {
		this.workerClass = workerClass;
		this.binder = binder;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		AnnotatedGenericBeanDefinition worker = new AnnotatedGenericBeanDefinition(this.workerClass);
		worker.setAutowireMode(AutowireCapableBeanFactory.AUTOWIRE_NO);
		InitArgsParameter parameter = InitArgsParameter.find(this.workerClass,
				(type) -> beanFactory.getBeanNamesForType(type, true, false).length > 0);
		if (parameter != null) {
			Object initArgs = bind(parameter);
			if (initArgs != null) {
				worker.getConstructorArgumentValues().addIndexedArgumentValue(parameter.index(), initArgs);
			}
		}
		((BeanDefinitionRegistry) beanFactory).registerBeanDefinition(ChildContextBuilder.WORKER_BEAN_NAME, worker);
	}

	private @Nullable Object bind(InitArgsParameter parameter) {
		if (parameter.type().toClass() == Map.class) {
			return this.binder.bind(ChildContextBuilder.ARGS_PREFIX, Bindable.of(parameter.type())).orElse(Map.of());
		}
		return this.binder.bindOrCreate(ChildContextBuilder.ARGS_PREFIX, Bindable.of(parameter.type()));
	}

}
