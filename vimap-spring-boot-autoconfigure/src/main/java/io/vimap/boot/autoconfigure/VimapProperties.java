package io.vimap.boot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/**
 * {@link ConfigurationProperties @ConfigurationProperties} for pools of worker processes.
 */
@ConfigurationProperties("vimap")
public class VimapProperties {

	/**
	 * Whether the auto-configuration of pools is enabled.
	 */
	private boolean enabled = true;

	@NestedConfigurationProperty
	private final PoolSettings defaults = new PoolSettings();

	/**
	 * Pools by name. The name is also that of the bean.
	 */
	private final Map<String, Pool> pools = new LinkedHashMap<>();

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public PoolSettings getDefaults() {
		return this.defaults;
	}

	public Map<String, Pool> getPools() {
		return this.pools;
	}

	/**
	 * Finds the properties of a pool. In an environment variable a name has lost its
	 * dashes.
	 * @param name the pool's name
	 * @return its properties, all of them unset if nothing is said about it
	 */
	Pool find(String name) {
		Pool exact = this.pools.get(name);
		if (exact != null) {
			return exact;
		}
		return this.pools.entrySet()
			.stream()
			.filter((entry) -> uniform(entry.getKey()).equals(uniform(name)))
			.map(Map.Entry::getValue)
			.findFirst()
			.orElseGet(Pool::new);
	}

	static String uniform(String name) {
		return name.replace("-", "");
	}

	/**
	 * One pool.
	 */
	public static class Pool extends PoolSettings {

		/**
		 * Whether the pool exists. A pool that is not enabled has no bean.
		 */
		private boolean enabled = true;

		/**
		 * Worker class. The @VimapWorker class with the name of the pool if not set.
		 */
		private @Nullable Class<?> worker;

		/**
		 * Arguments for each worker process. Sets the number of processes and overrides
		 * the init-args one by one.
		 */
		private @Nullable List<Map<String, Object>> workers;

		/**
		 * Whether the pool is the primary one among those of the same types.
		 */
		private boolean primary = false;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public @Nullable Class<?> getWorker() {
			return this.worker;
		}

		public void setWorker(@Nullable Class<?> worker) {
			this.worker = worker;
		}

		public @Nullable List<Map<String, Object>> getWorkers() {
			return this.workers;
		}

		public void setWorkers(@Nullable List<Map<String, Object>> workers) {
			this.workers = workers;
		}

		public boolean isPrimary() {
			return this.primary;
		}

		public void setPrimary(boolean primary) {
			this.primary = primary;
		}

	}

}
