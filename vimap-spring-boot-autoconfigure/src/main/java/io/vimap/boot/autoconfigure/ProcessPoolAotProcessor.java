package io.vimap.boot.autoconfigure;

import java.util.List;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.generate.GenerationContext;
import org.springframework.aot.generate.MethodReference;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.aot.BeanRegistrationCode;
import org.springframework.beans.factory.aot.BeanRegistrationCodeFragments;
import org.springframework.beans.factory.aot.BeanRegistrationCodeFragmentsDecorator;
import org.springframework.beans.factory.config.ConstructorArgumentValues.ValueHolder;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.ResolvableType;
import org.springframework.javapoet.CodeBlock;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;

/**
 * Writes down the beans of pools and of their clients when an application is processed
 * ahead of time. The code names classes in strings: a worker, its client and the types of
 * its inputs and outputs need not be visible to the package the code is in.
 */
class ProcessPoolAotProcessor implements BeanRegistrationAotProcessor {

	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean registeredBean) {
		RootBeanDefinition definition = registeredBean.getMergedBeanDefinition();
		return ProcessPoolAutoConfiguration.FACTORY_BEAN_NAME.equals(definition.getFactoryBeanName())
				? BeanRegistrationAotContribution.withCustomCodeFragments(CodeFragments::new) : null;
	}

	private static final class CodeFragments extends BeanRegistrationCodeFragmentsDecorator {

		CodeFragments(BeanRegistrationCodeFragments delegate) {
			super(delegate);
		}

		@Override
		public CodeBlock generateNewBeanDefinitionCode(GenerationContext context, ResolvableType beanType,
				BeanRegistrationCode code) {
			return CodeBlock.of("");
		}

		@Override
		public CodeBlock generateSetBeanDefinitionPropertiesCode(GenerationContext context, BeanRegistrationCode code,
				RootBeanDefinition definition, Predicate<String> attributeFilter) {
			ValueHolder name = definition.getConstructorArgumentValues().getIndexedArgumentValue(0, String.class);
			ValueHolder type = definition.getConstructorArgumentValues().getIndexedArgumentValue(1, Class.class);
			Assert.state(name != null && type != null && type.getValue() instanceof Class, "no bean of a pool");
			CodeBlock arguments = CodeBlock.of("$S, $T.resolveClassName($S, null)", name.getValue(), ClassUtils.class,
					((Class<?>) type.getValue()).getName());
			CodeBlock call = "createClient".equals(definition.getFactoryMethodName())
					? CodeBlock.of("clientDefinition($L)", arguments)
					: CodeBlock.of("beanDefinition($L, $L)", arguments, definition.isPrimary());
			return CodeBlock.of("$T $L = $T.$L;\n", RootBeanDefinition.class, BEAN_DEFINITION_VARIABLE,
					ProcessPoolRegistrar.class, call);
		}

		@Override
		public CodeBlock generateSetBeanInstanceSupplierCode(GenerationContext context, BeanRegistrationCode code,
				CodeBlock instanceSupplierCode, List<MethodReference> postProcessors) {
			return CodeBlock.of("");
		}

		@Override
		public CodeBlock generateInstanceSupplierCode(GenerationContext context, BeanRegistrationCode code,
				boolean allowDirectSupplierShortcut) {
			return CodeBlock.of("");
		}

	}

}
