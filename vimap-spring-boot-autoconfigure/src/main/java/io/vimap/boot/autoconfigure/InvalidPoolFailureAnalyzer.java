package io.vimap.boot.autoconfigure;

import io.vimap.boot.InvalidPoolException;
import io.vimap.boot.InvalidPoolException.Property;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;

/**
 * Explains a pool that can't be created. Comes before Spring Boot's own analyses, some of
 * which know the cause (a value that can't be bound) and nothing of the pool.
 */
@Order(0)
class InvalidPoolFailureAnalyzer extends AbstractFailureAnalyzer<InvalidPoolException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidPoolException cause) {
		String description = "Process pool '%s' can't be created: %s%s".formatted(cause.getPool(), cause.getProblem(),
				describe(cause.getProperty()));
		return new FailureAnalysis(description, cause.getAction(), cause);
	}

	static String describe(@Nullable Property property) {
		if (property == null) {
			return "";
		}
		StringBuilder text = new StringBuilder("%n%n    Property: %s".formatted(property.name()));
		if (property.value() == null) {
			return text.append("%n    Value: (not set)".formatted()).toString();
		}
		text.append("%n    Value: \"%s\"".formatted(property.value()));
		if (property.origin() != null) {
			text.append("%n    Origin: %s".formatted(property.origin()));
		}
		return text.toString();
	}

}
