package io.vimap.boot.autoconfigure;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * The key {@code on} of {@code retry}, which YAML reads as the truth value {@code true}
 * where it is not quoted. It is bound under that name, but reported as it was written.
 */
final class UnquotedOn {

	private static final String RETRY = "retry";

	private static final String WRITTEN = "on";

	private static final String READ = "true";

	private UnquotedOn() {
	}

	/**
	 * Returns a name as it was written.
	 * @param name the name of any property
	 * @return the same name if it is not about this key
	 */
	static ConfigurationPropertyName asWritten(ConfigurationPropertyName name) {
		int settings = BindingMistake.POOLS.isAncestorOf(name) ? BindingMistake.POOLS.getNumberOfElements() + 1
				: BindingMistake.DEFAULTS.getNumberOfElements();
		int key = settings + 1;
		if (!BindingMistake.ROOT.isAncestorOf(name) || name.getNumberOfElements() <= key
				|| !name.getElement(settings, Form.DASHED).equals(RETRY)
				|| !name.getElement(key, Form.DASHED).equals(READ)) {
			return name;
		}
		return name.chop(key).append(WRITTEN).append(name.subName(key + 1));
	}

	/**
	 * Tells whether the key counts that is not quoted. Both are set where a file has it
	 * that way and something else, such as a variable of the environment, does not.
	 * @param settings the prefix of the settings that have it
	 * @param properties finds what is set
	 * @return whether it has precedence, {@code false} if neither is set
	 */
	static boolean counts(String settings, PoolProperties properties) {
		String retry = settings + "." + RETRY + ".";
		return properties.isSetBefore(retry + READ, retry + WRITTEN);
	}

}
