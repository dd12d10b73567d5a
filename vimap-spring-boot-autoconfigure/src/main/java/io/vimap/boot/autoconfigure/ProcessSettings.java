package io.vimap.boot.autoconfigure;

import java.io.File;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.vimap.pool.ClassArchiveMode;
import io.vimap.pool.OutputMode;
import io.vimap.pool.PoolMode;
import org.jspecify.annotations.Nullable;

/**
 * Properties of the process that a worker runs in. What is {@code null} is not set: a
 * pool then takes the value of {@code vimap.defaults} and after that the default of the
 * engine.
 */
public class ProcessSettings {

	/**
	 * How inputs and outputs are encoded: "auto", or the name of a class that implements
	 * io.vimap.protocol.PayloadCodec.
	 */
	private @Nullable String codec;

	/**
	 * Arguments for the JVM of a worker process. They override the defaults.
	 */
	private @Nullable List<String> jvmArgs;

	/**
	 * Variables to add to the environment of a worker process.
	 */
	private Map<String, String> environment = new LinkedHashMap<>();

	/**
	 * Working directory of a worker process. The directory of this process if not set.
	 */
	private @Nullable File workingDirectory;

	/**
	 * Command that wraps the command of a worker process, such as "nice, -n, 10".
	 */
	private @Nullable List<String> commandPrefix;

	/**
	 * Java installation of a worker process. The one of this process if not set.
	 */
	private @Nullable File javaHome;

	/**
	 * Class path of a worker process. The one of this process if not set.
	 */
	private @Nullable List<String> classPath;

	/**
	 * Where the standard output and error of a worker process go.
	 */
	private @Nullable OutputMode output;

	/**
	 * Whether worker processes share an archive of loaded classes.
	 */
	private @Nullable ClassArchiveMode classArchive;

	/**
	 * Where the worker runs: in processes of its own, or in this one through the same
	 * codecs.
	 */
	private @Nullable PoolMode mode;

	public @Nullable String getCodec() {
		return this.codec;
	}

	public void setCodec(@Nullable String codec) {
		this.codec = codec;
	}

	public @Nullable List<String> getJvmArgs() {
		return this.jvmArgs;
	}

	public void setJvmArgs(@Nullable List<String> jvmArgs) {
		this.jvmArgs = jvmArgs;
	}

	public Map<String, String> getEnvironment() {
		return this.environment;
	}

	public void setEnvironment(Map<String, String> environment) {
		this.environment = environment;
	}

	public @Nullable File getWorkingDirectory() {
		return this.workingDirectory;
	}

	public void setWorkingDirectory(@Nullable File workingDirectory) {
		this.workingDirectory = workingDirectory;
	}

	public @Nullable List<String> getCommandPrefix() {
		return this.commandPrefix;
	}

	public void setCommandPrefix(@Nullable List<String> commandPrefix) {
		this.commandPrefix = commandPrefix;
	}

	public @Nullable File getJavaHome() {
		return this.javaHome;
	}

	public void setJavaHome(@Nullable File javaHome) {
		this.javaHome = javaHome;
	}

	public @Nullable List<String> getClassPath() {
		return this.classPath;
	}

	public void setClassPath(@Nullable List<String> classPath) {
		this.classPath = classPath;
	}

	public @Nullable OutputMode getOutput() {
		return this.output;
	}

	public void setOutput(@Nullable OutputMode output) {
		this.output = output;
	}

	public @Nullable ClassArchiveMode getClassArchive() {
		return this.classArchive;
	}

	public void setClassArchive(@Nullable ClassArchiveMode classArchive) {
		this.classArchive = classArchive;
	}

	public @Nullable PoolMode getMode() {
		return this.mode;
	}

	public void setMode(@Nullable PoolMode mode) {
		this.mode = mode;
	}

}
