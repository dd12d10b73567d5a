package io.vimap.boot.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches unless {@code vimap.enabled} is false. It is read as the pools' own properties
 * are: a condition of Spring Boot takes all but the word {@code true} for false, also
 * {@code 1} and {@code on}, and the application would have no pools without a word.
 */
class OnVimapEnabledCondition extends SpringBootCondition {

	private static final String PROPERTY = "vimap.enabled";

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		boolean enabled = Binder.get(context.getEnvironment()).bind(PROPERTY, Boolean.class).orElse(true);
		return new ConditionOutcome(enabled, ConditionMessage.forCondition(PROPERTY).because("it is " + enabled));
	}

}
