package io.vimap.boot.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;
import org.springframework.util.unit.DataSize;

/**
 * Explains a value of a pool's property that is nothing of its kind, such as a duration
 * with a unit that does not exist. Says what is allowed, which Spring Boot's own analysis
 * does for enums only; so it comes before that one.
 */
@Order(0)
class BadValueFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("vimap");

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
		ConfigurationProperty property = cause.getProperty();
		String allowed = allowed(cause.getTarget().getBoxedType().toClass());
		if (property == null || allowed == null || !ROOT.isAncestorOf(cause.getName())) {
			return null;
		}
		return new FailureAnalysis("The value of '%s' is not %s.%n%n    Property: %s%n    Value: \"%s\"%n    Origin: %s"
			.formatted(cause.getName(), allowed.substring(0, allowed.indexOf(',')), property.getName(),
					property.getValue(), property.getOrigin()),
				"Set it to " + allowed + ".", cause);
	}

	private static @Nullable String allowed(Class<?> type) {
		if (type == Duration.class) {
			return "a duration, such as 500ms, 10s, 5m, 2h or 1d";
		}
		if (type == DataSize.class) {
			return "a size, such as 512KB, 64MB or 1GB";
		}
		if (type == Integer.class) {
			return "a whole number, such as 4";
		}
		if (type == Double.class) {
			return "a number, such as 0.1";
		}
		if (type == Boolean.class) {
			return "a truth value, true or false";
		}
		return null;
	}

}
