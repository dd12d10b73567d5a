package io.vimap.boot.autoconfigure;

import java.lang.reflect.RecordComponent;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.vimap.boot.InvalidPoolException;
import io.vimap.boot.InvalidPoolException.Property;
import io.vimap.boot.child.InitArgsParameter;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.convert.ApplicationConversionService;

/**
 * Binds init args as the child will do it, so that a mistake stops the application and
 * not one process after the other. Only what is certainly the init args is tried: the
 * only record or class nested in the worker that is no bean. The worker itself is not
 * instantiated.
 */
final class InitArgsCheck {

	private static final ConfigurationPropertyName ARGS = ConfigurationPropertyName.of("worker.args");

	private final String pool;

	private final Class<?> worker;

	private final @Nullable InitArgsParameter parameter;

	InitArgsCheck(String pool, Class<?> worker, Predicate<Class<?>> isBean) {
		this.pool = pool;
		this.worker = worker;
		List<InitArgsParameter> candidates = InitArgsParameter.candidates(worker,
				(type) -> (!type.isRecord() && type.getEnclosingClass() != worker) || isBean.test(type));
		this.parameter = (candidates.size() == 1) ? candidates.get(0) : null;
	}

	/**
	 * Checks the init args of one process.
	 * @param initArgs the init args
	 * @throws InvalidPoolException if they don't fit the worker's constructor
	 */
	void check(InitArgs initArgs) {
		InitArgsParameter target = this.parameter;
		if (target == null || target.type().resolve() == Map.class) {
			return;
		}
		ArgsSource own = new ArgsSource(initArgs, initArgs.own());
		ArgsSource defaults = new ArgsSource(initArgs, initArgs.inherited());
		Binder binder = new Binder(List.of(own, defaults), null, ApplicationConversionService.getSharedInstance());
		// Defaults are shared by pools of different workers, so only what is the pool's
		// own must have a place.
		BindHandler handler = new NoUnboundElementsBindHandler(BindHandler.DEFAULT, (source) -> source == own);
		try {
			binder.bind(ARGS, Bindable.of(target.type()), handler);
		}
		catch (BindException ex) {
			throw explain(ex, target, initArgs);
		}
	}

	private InvalidPoolException explain(BindException ex, InitArgsParameter target, InitArgs initArgs) {
		String type = target.type().toClass().getName();
		if (ex.getCause() instanceof UnboundConfigurationPropertiesException unbound) {
			Set<String> names = new TreeSet<>();
			Set<ConfigurationProperty> found = new LinkedHashSet<>(unbound.getUnboundProperties());
			found.forEach((property) -> names.add(property.getName().subName(ARGS.getNumberOfElements()).toString()));
			return new InvalidPoolException(this.pool,
					"the init args have " + names + ", which " + type + ", the init args of " + this.worker.getName()
							+ ", has no place for." + known(target.type().toClass()),
					"Correct the name, add it to " + type + " or remove it.",
					describe(initArgs, found.iterator().next()), ex);
		}
		Throwable cause = ex;
		while (cause.getCause() != null) {
			cause = cause.getCause();
		}
		ConfigurationProperty property = ex.getProperty();
		return new InvalidPoolException(this.pool,
				"the init args can't be bound to " + type + ", which the constructor of " + this.worker.getName()
						+ " takes: " + cause.getMessage() + ".",
				"Give '" + ex.getName().subName(ARGS.getNumberOfElements()) + "' a value of type "
						+ ex.getTarget().getType() + ".",
				(property != null) ? describe(initArgs, property) : null, ex);
	}

	private static String known(Class<?> type) {
		return type.isRecord() ? " It has "
				+ Stream.of(type.getRecordComponents()).map(RecordComponent::getName).sorted().toList() + "." : "";
	}

	/** The property as the user wrote it, not as it is called in the child. */
	private static @Nullable Property describe(InitArgs initArgs, ConfigurationProperty bound) {
		ConfigurationProperty original = initArgs.merged().get(bound.getName().subName(ARGS.getNumberOfElements()));
		return (original != null) ? initArgs.describe(original) : null;
	}

	/** Init args under the name that they have in the child. */
	private static final class ArgsSource implements IterableConfigurationPropertySource {

		private final InitArgs initArgs;

		private final Map<ConfigurationPropertyName, ConfigurationProperty> originals = new LinkedHashMap<>();

		private ArgsSource(InitArgs initArgs, FlatProperties properties) {
			this.initArgs = initArgs;
			properties.forEach((name, property) -> {
				if (!name.isEmpty()) {
					this.originals.put(ARGS.append(name), property);
				}
			});
		}

		@Override
		public @Nullable ConfigurationProperty getConfigurationProperty(ConfigurationPropertyName name) {
			ConfigurationProperty original = this.originals.get(name);
			return (original != null)
					? new ConfigurationProperty(name, this.initArgs.resolve(original), original.getOrigin()) : null;
		}

		@Override
		public Iterator<ConfigurationPropertyName> iterator() {
			return this.originals.keySet().iterator();
		}

		@Override
		public Stream<ConfigurationPropertyName> stream() {
			return this.originals.keySet().stream();
		}

	}

}
