package io.vimap.boot.child;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.MessageSource;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.context.NoSuchMessageException;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.context.support.DelegatingMessageSource;
import org.springframework.util.function.SingletonSupplier;

/**
 * The message source of a context that defines none: Spring's own, made when somebody
 * asks for a message. To load its class takes the JDK a list of all locales, and with
 * Java 17 a sixth of the time in which a child starts.
 */
final class LazyMessageSource implements MessageSource {

	private final SingletonSupplier<MessageSource> source = SingletonSupplier.of(DelegatingMessageSource::new);

	/**
	 * Registers one where the beans of the application are defined and none is a message
	 * source.
	 * @param beans the beans
	 */
	static void register(ConfigurableListableBeanFactory beans) {
		String name = AbstractApplicationContext.MESSAGE_SOURCE_BEAN_NAME;
		if (!beans.containsLocalBean(name)) {
			beans.registerSingleton(name, new LazyMessageSource());
		}
	}

	@Override
	public @Nullable String getMessage(String code, Object @Nullable [] args, @Nullable String defaultMessage,
			@Nullable Locale locale) {
		return this.source.obtain().getMessage(code, args, defaultMessage, locale);
	}

	@Override
	public String getMessage(String code, Object @Nullable [] args, @Nullable Locale locale)
			throws NoSuchMessageException {
		return this.source.obtain().getMessage(code, args, locale);
	}

	@Override
	public String getMessage(MessageSourceResolvable resolvable, @Nullable Locale locale)
			throws NoSuchMessageException {
		return this.source.obtain().getMessage(resolvable, locale);
	}

}
