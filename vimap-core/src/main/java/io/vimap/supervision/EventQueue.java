package io.vimap.supervision;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * What a supervisor waits for: events, which any thread may bring, and alarms, which it
 * sets itself. Supervisor thread only, except for {@link #post}.
 */
final class EventQueue {

	/**
	 * An alarm that is set.
	 *
	 * @param due when it rings
	 * @param limit the time after which it rings, 0 if it has been put off already
	 * @param worker whose it is, {@code null} if it is the pool's
	 */
	private record Timer(long due, long limit, @Nullable WorkerProcess worker, SupervisorEvent.Alarm alarm) {
	}

	private final LongSupplier clock;

	/** Any thread. */
	private final BlockingQueue<SupervisorEvent> events = new LinkedBlockingQueue<>();

	private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong(Timer::due));

	/**
	 * Creates an empty queue.
	 * @param clock the time in nanoseconds, as {@link System#nanoTime()}
	 */
	EventQueue(LongSupplier clock) {
		this.clock = clock;
	}

	/** Brings an event. Any thread. */
	void post(SupervisorEvent event) {
		this.events.add(event);
	}

	long now() {
		return this.clock.getAsLong();
	}

	/**
	 * Sets an alarm of the pool: the action has to look whether it still matters. If this
	 * process does not run when it is due, it rings later, so that events that are on
	 * their way come first.
	 * @param nanos how long from now
	 * @param action what is done then
	 */
	void after(long nanos, Runnable action) {
		set(nanos, null, action);
	}

	/**
	 * Sets an alarm of a worker. Until it rings or is forgotten with the others of that
	 * worker, it keeps all that belongs to that in memory.
	 * @param nanos how long from now
	 * @param worker the worker
	 * @param action what is done then, unless the worker has been forgotten
	 */
	void after(long nanos, WorkerProcess worker, Runnable action) {
		set(nanos, worker, action);
	}

	private void set(long nanos, @Nullable WorkerProcess worker, Runnable action) {
		this.timers.add(new Timer(now() + nanos, nanos, worker, new SupervisorEvent.Alarm(action)));
	}

	/** Takes the alarms of a worker back: it has ended. */
	void forget(WorkerProcess worker) {
		this.timers.removeIf((timer) -> timer.worker() == worker);
	}

	/**
	 * Waits for an event or an alarm.
	 * @return what there is to handle, {@code null} if it was in vain
	 */
	@Nullable SupervisorEvent await() throws InterruptedException {
		Timer timer = this.timers.peek();
		if (timer == null) {
			return this.events.take();
		}
		long wait = timer.due() - now();
		SupervisorEvent event = (wait > 0) ? this.events.poll(wait, TimeUnit.NANOSECONDS) : this.events.poll();
		return (event != null) ? event : dueAlarm();
	}

	/** The next alarm whose time has come. */
	SupervisorEvent.@Nullable Alarm dueAlarm() {
		Timer timer;
		while ((timer = this.timers.peek()) != null && timer.due() <= now()) {
			this.timers.remove();
			long extra = Standstill.extraNanos(now() - timer.due(), timer.limit());
			if (extra == 0) {
				return timer.alarm();
			}
			this.timers.add(new Timer(now() + extra, 0, timer.worker(), timer.alarm()));
		}
		return null;
	}

	void forgetAlarms() {
		this.timers.clear();
	}

}
