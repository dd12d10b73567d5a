package io.vimap.boot.autoconfigure;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import io.vimap.pool.RetryCause;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;
import org.springframework.util.unit.DataSize;

/**
 * Explains a value of a pool's property that is nothing of its kind, such as a duration
 * with a unit that does not exist. Says what is allowed, which Spring Boot's own analysis
 * does for enums only, and what was written, which that one does not know; so it comes
 * before that one.
 */
@Order(0)
class BadValueFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
		ConfigurationProperty property = cause.getProperty();
		String allowed = allowed(cause.getTarget().getBoxedType());
		if (cause.getCause() instanceof UnboundConfigurationPropertiesException) {
			// A list that lacks an element: those that it has are not to blame.
			return null;
		}
		if (property == null || allowed == null || !BindingMistake.ROOT.isAncestorOf(cause.getName())) {
			return null;
		}
		return new FailureAnalysis(
				"The value of '%s' is not %s.%n%n    Property: %s%n    Value: \"%s\"%n    Origin: %s".formatted(
						UnquotedOn.asWritten(cause.getName()), allowed.substring(0, allowed.indexOf(',')),
						UnquotedOn.asWritten(property.getName()), property.getValue(), property.getOrigin()),
				"Set it to " + allowed + ".", cause);
	}

	private static @Nullable String allowed(ResolvableType type) {
		if (type.asCollection().getGeneric().resolve() == Map.class) {
			return "a list, with a map of init args for each process, or set 'processes' if they have none of their own";
		}
		// A list may also be given as a single text, which then is what can't be bound.
		return allowed(type.asCollection().getGeneric().resolve(type.toClass()));
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
		if (type == Map.class) {
			return "a map, with a name and a value on each line below it";
		}
		if (type == RetryCause.class) {
			return "a cause of another attempt, " + Arrays.stream(RetryCause.values())
				.map((cause) -> cause.name().toLowerCase(Locale.ROOT))
				.collect(Collectors.joining(" or "));
		}
		return null;
	}

}
