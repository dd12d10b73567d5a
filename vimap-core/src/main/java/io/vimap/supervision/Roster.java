package io.vimap.supervision;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import io.vimap.pool.WorkerState;
import org.jspecify.annotations.Nullable;

/**
 * Who is there: the seats, and all processes, whether they have a seat, are to get one or
 * have lost it. Supervisor thread only.
 */
final class Roster {

	private final List<WorkerDefinition> definitions;

	private final List<WorkerSlot> slots = new ArrayList<>();

	/**
	 * How many processes each seat has had, by index, seats that are no more included.
	 */
	private final Map<Integer, Integer> incarnations = new HashMap<>();

	/** All that have not EXITED, oldest first. */
	private final Set<WorkerProcess> processes = new LinkedHashSet<>();

	Roster(List<WorkerDefinition> definitions) {
		this.definitions = List.copyOf(definitions);
		resize(definitions.size());
	}

	/** The seats, by index. */
	List<WorkerSlot> slots() {
		return Collections.unmodifiableList(this.slots);
	}

	/** The seat that a process has, or is the successor for. */
	@Nullable WorkerSlot slotOf(WorkerProcess worker) {
		for (WorkerSlot slot : this.slots) {
			if (slot.occupant == worker || slot.successor == worker) {
				return slot;
			}
		}
		return null;
	}

	/** The seat of this index, {@code null} if there is none. */
	@Nullable WorkerSlot slotAt(int index) {
		return (index >= 0 && index < this.slots.size()) ? this.slots.get(index) : null;
	}

	/**
	 * Who is at a seat, or at any for {@link SupervisorEvent#ALL}; if the seat is no
	 * more, who has lost it and not ended.
	 */
	List<WorkerProcess> at(int index) {
		if (index == SupervisorEvent.ALL) {
			return this.slots.stream().map((slot) -> slot.occupant).filter(Objects::nonNull).toList();
		}
		WorkerSlot slot = slotAt(index);
		if (slot == null) {
			return leaving().filter((worker) -> worker.index() == index).toList();
		}
		return (slot.occupant != null) ? List.of(slot.occupant) : List.of();
	}

	/** Gives a seat to a process that has none. */
	void seat(WorkerProcess worker, WorkerSlot slot) {
		worker.takeSeat(slot.index, this.incarnations.merge(slot.index, 1, Integer::sum));
	}

	/**
	 * Adds seats, or takes the last ones away.
	 * @return the seats that are no more
	 */
	List<WorkerSlot> resize(int count) {
		while (this.slots.size() < count) {
			int index = this.slots.size();
			this.slots.add(new WorkerSlot(index, this.definitions.get(index % this.definitions.size())));
		}
		List<WorkerSlot> last = this.slots.subList(count, this.slots.size());
		List<WorkerSlot> removed = List.copyOf(last);
		last.clear();
		return removed;
	}

	void add(WorkerProcess worker) {
		this.processes.add(worker);
	}

	void remove(WorkerProcess worker) {
		this.processes.remove(worker);
	}

	/** All processes that have not EXITED: a copy, oldest first. */
	List<WorkerProcess> processes() {
		return List.copyOf(this.processes);
	}

	boolean isEmpty() {
		return this.processes.isEmpty();
	}

	/** Processes that have lost their seat and not EXITED; oldest first. */
	Stream<WorkerProcess> leaving() {
		return this.processes.stream().filter(WorkerProcess::isLeaving).filter((worker) -> slotOf(worker) == null);
	}

	/** How many processes are on the way to READY, or to waiting for a seat. */
	long starting() {
		return this.processes.stream().filter(WorkerProcess::isStarting).count();
	}

	/** Whether a process takes tasks. */
	boolean hasReady() {
		return this.processes.stream().anyMatch((worker) -> worker.state() == WorkerState.READY);
	}

	/** How many processes have lost their connection and not EXITED. */
	long losing() {
		return this.processes.stream().filter((worker) -> worker.connectionEnded).count();
	}

	/** Processes that wait for a seat, or are to; oldest first. */
	Stream<WorkerProcess> spares() {
		return this.processes.stream().filter(WorkerProcess::isSpare);
	}

	/** Processes that a seat can be given to at once; oldest first. */
	Stream<WorkerProcess> waitingSpares() {
		return spares().filter(WorkerProcess::isWaiting);
	}

}
