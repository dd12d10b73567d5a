package io.vimap.pool;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The values of all options, at first the defaults. A builder has one that it changes,
 * and gives copies away.
 */
final class OptionValues implements Cloneable {

	String name = "pool";

	@Nullable Duration taskTimeout = null;

	Duration initTimeout = Duration.ofSeconds(60);

	Duration cleanupTimeout = Duration.ofSeconds(10);

	Duration startTimeout = Duration.ofSeconds(60);

	Duration drainTimeout = Duration.ofSeconds(20);

	Duration killGrace = Duration.ofSeconds(1);

	int retryMaxAttempts = 1;

	Set<RetryCause> retryOn = Collections.unmodifiableSet(EnumSet.allOf(RetryCause.class));

	int restartIntensity = 5;

	Duration restartPeriod = Duration.ofSeconds(30);

	Duration restartBackoff = Duration.ofMillis(100);

	Duration restartMaxBackoff = Duration.ofSeconds(30);

	@Nullable Integer maxTasksPerWorker = null;

	@Nullable Duration maxLifetime = null;

	double jitter = 0.1;

	@Nullable Long maxRss = null;

	int spares = 0;

	@Nullable Integer prefetch = null;

	@Nullable Integer maxInFlight = null;

	long maxPayload = 64L * 1024 * 1024;

	String codec = "auto";

	List<String> jvmArgs = List.of();

	Map<String, String> environment = Map.of();

	@Nullable Path workingDirectory = null;

	List<String> commandPrefix = List.of();

	@Nullable Path javaHome = null;

	List<String> classPath = List.of();

	OutputMode output = OutputMode.LOG;

	ClassArchiveMode classArchive = ClassArchiveMode.AUTO;

	boolean autoStart = true;

	PoolMode mode = PoolMode.FORKED;

	boolean closeWhenDone = true;

	List<PoolListener> listeners = List.of();

	@Nullable Supplier<Map<String, String>> taskContext;

	OptionValues copy() {
		try {
			return (OptionValues) clone();
		}
		catch (CloneNotSupportedException ex) {
			throw new AssertionError(ex);
		}
	}

}
