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

	private record Timer(long due, SupervisorEvent.Alarm alarm) {
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
	 * Sets an alarm. It can't be taken back: the action has to look whether it still
	 * matters.
	 * @param nanos how long from now
	 * @param action what is done then
	 */
	void after(long nanos, Runnable action) {
		this.timers.add(new Timer(now() + nanos, new SupervisorEvent.Alarm(action)));
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
		Timer timer = this.timers.peek();
		if (timer == null || timer.due() > now()) {
			return null;
		}
		this.timers.remove();
		return timer.alarm();
	}

	void forgetAlarms() {
		this.timers.clear();
	}

}
