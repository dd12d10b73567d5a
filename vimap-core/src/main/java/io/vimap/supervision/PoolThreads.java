package io.vimap.supervision;

/**
 * The threads of one pool, on which it calls listeners and callbacks. Who is called may
 * close the pool, but must not wait there for anything that the thread itself is needed
 * for: so all of a pool's own threads are made here.
 */
public final class PoolThreads {

	private final String pool;

	/**
	 * Creates a room without threads.
	 * @param pool the pool's name
	 */
	public PoolThreads(String pool) {
		this.pool = pool;
	}

	/**
	 * Returns whose threads they are.
	 * @return the pool's name
	 */
	public String pool() {
		return this.pool;
	}

	/**
	 * Creates a thread, which keeps no JVM alive.
	 * @param role what it does, as a part of its name
	 * @param stackSize the size of its stack in bytes, 0 for the JVM's default
	 * @param task what it runs
	 * @return a thread that has not been started
	 */
	public Thread create(String role, long stackSize, Runnable task) {
		Thread thread = new Own(name(role), stackSize, task);
		thread.setDaemon(true);
		return thread;
	}

	/** The name of a thread that does this. */
	String name(String role) {
		return "vimap-" + this.pool + "-" + role;
	}

	/**
	 * Tells whether the current thread is one of them.
	 * @return whether the pool needs it to go on
	 */
	public boolean isCurrent() {
		return Thread.currentThread() instanceof Own own && own.pool() == this;
	}

	private final class Own extends Thread {

		Own(String name, long stackSize, Runnable task) {
			super(null, task, name, stackSize);
		}

		PoolThreads pool() {
			return PoolThreads.this;
		}

	}

}
