package io.vimap.pool;

/**
 * Whether children share an archive of loaded classes.
 */
public enum ClassArchiveMode {

	/**
	 * Train an archive from the first child and reuse it for later ones; do without
	 * wherever that is not possible.
	 */
	AUTO,

	/** Use the archive of the JDK only. */
	OFF

}
