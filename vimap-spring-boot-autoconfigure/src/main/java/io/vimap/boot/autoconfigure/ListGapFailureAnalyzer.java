package io.vimap.boot.autoconfigure;

import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;

/**
 * Explains a list of a pool that lacks an element before another one. Most likely a
 * variable of the operating system is meant to set one element of a list in a file, but
 * lists are not merged. Spring Boot's own analysis shows the internals of its binding.
 */
@Order(0)
class ListGapFailureAnalyzer extends AbstractFailureAnalyzer<UnboundConfigurationPropertiesException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, UnboundConfigurationPropertiesException cause) {
		Set<ConfigurationProperty> unbound = cause.getUnboundProperties();
		return unbound.stream()
			.filter((property) -> BindingMistake.ROOT.isAncestorOf(property.getName()))
			.findFirst()
			.map((property) -> explain(property, cause))
			.orElse(null);
	}

	private static @Nullable FailureAnalysis explain(ConfigurationProperty property, Throwable cause) {
		ConfigurationPropertyName name = UnquotedOn.asWritten(property.getName());
		for (int i = 0; i < name.getNumberOfElements(); i++) {
			if (name.isNumericIndex(i)) {
				return new FailureAnalysis(
						"The list '%s' has an element %s, but not all of those before it.%n%n    Property: %s%n    Value: \"%s\"%n    Origin: %s"
							.formatted(name.chop(i), name.subName(i).chop(1), name, property.getValue(),
									property.getOrigin()),
						"Number the elements from 0 without a gap, all of them from one source: where a variable of the "
								+ "operating system or an argument sets one element of a list, those that a file has "
								+ "don't count.",
						cause);
			}
		}
		return null;
	}

}
