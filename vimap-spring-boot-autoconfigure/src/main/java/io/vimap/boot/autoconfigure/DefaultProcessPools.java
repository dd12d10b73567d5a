package io.vimap.boot.autoconfigure;

import java.util.Collections;
import java.util.Map;
import java.util.Set;

import io.vimap.boot.ManagedProcessPool;
import io.vimap.boot.NoSuchProcessPoolException;
import io.vimap.boot.ProcessPools;
import io.vimap.pool.ProcessPool;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.SimpleAutowireCandidateResolver;
import org.springframework.core.ResolvableType;
import org.springframework.util.function.SingletonSupplier;

/**
 * {@link ProcessPools} from the beans of the context. They are looked up at the first
 * question, so that this bean can be injected wherever a pool can.
 */
class DefaultProcessPools implements ProcessPools {

	private final SingletonSupplier<Map<String, ProcessPool<?, ?>>> pools;

	DefaultProcessPools(ConfigurableListableBeanFactory beanFactory) {
		this.pools = SingletonSupplier.of(() -> find(beanFactory));
	}

	@SuppressWarnings({ "rawtypes", "unchecked" })
	private static Map<String, ProcessPool<?, ?>> find(ConfigurableListableBeanFactory beanFactory) {
		// By a raw class, because that is all that can be asked for.
		return (Map) SimpleAutowireCandidateResolver.resolveAutowireCandidates(beanFactory, ProcessPool.class);
	}

	@Override
	public Set<String> names() {
		return Collections.unmodifiableSet(this.pools.obtain().keySet());
	}

	@Override
	public ProcessPool<?, ?> get(String name) {
		ProcessPool<?, ?> pool = this.pools.obtain().get(name);
		if (pool == null) {
			throw new NoSuchProcessPoolException(name, names());
		}
		return pool;
	}

	@Override
	@SuppressWarnings("unchecked")
	public <I, O> ProcessPool<I, O> get(String name, Class<I> input, Class<O> output) {
		ProcessPool<?, ?> pool = get(name);
		if (pool instanceof ManagedProcessPool<?, ?> managed) {
			ResolvableType in = managed.definition().input();
			ResolvableType out = managed.definition().output();
			if (in.toClass() != input || out.toClass() != output) {
				throw new NoSuchProcessPoolException(name, "Process pool '" + name + "' is a ProcessPool<" + in + ", "
						+ out + ">, not a ProcessPool<" + input.getName() + ", " + output.getName() + ">.");
			}
		}
		return (ProcessPool<I, O>) pool;
	}

}
