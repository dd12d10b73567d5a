package io.vimap.worker;

import java.util.Map;
import java.util.function.Consumer;

/**
 * Who and where a worker is. Valid for the life of the child process, immutable, safe for
 * use by any thread.
 */
public interface WorkerContext {

	/**
	 * Returns the name of the pool this worker belongs to.
	 * @return the pool's name
	 */
	String pool();

	/**
	 * Returns the seat this worker occupies. A successor of a dead or recycled worker has
	 * the same index.
	 * @return the index, from 0 to the pool's size − 1
	 */
	int index();

	/**
	 * Returns how many processes have had this index, this one included: 1 for the first,
	 * 2 for the one that took its place, and so on.
	 * @return the incarnation, counted from 1
	 */
	int incarnation();

	/**
	 * Returns the process id of this child process.
	 * @return the process id as the operating system knows it
	 */
	long pid();

	/**
	 * Returns the init args bound to this worker as a map.
	 * @return the init args; empty if none were given
	 */
	Map<String, Object> initArgs();

	/**
	 * Returns the init args bound to a type of the caller's choice.
	 * @param type a record or a bean
	 * @param <T> the type to bind to
	 * @return a new instance of {@code type}
	 * @throws IllegalArgumentException if the init args don't fit the type; the message
	 * says which one and why
	 */
	<T> T initArgs(Class<T> type);

	/**
	 * Registers who hears the notices that {@code ProcessPool.signal} sends to running
	 * workers. A notice that was sent before this worker started is heard at once. The
	 * listener is called on the child's control thread while tasks run: it must return
	 * quickly.
	 * @param topic the topic; a later listener for the same topic replaces the earlier
	 * @param listener receives the text of each notice
	 */
	void onSignal(String topic, Consumer<String> listener);

}
