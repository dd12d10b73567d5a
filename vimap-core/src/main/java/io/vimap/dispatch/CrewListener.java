package io.vimap.dispatch;

import java.util.function.Consumer;

import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolState;
import io.vimap.pool.WorkerExit;
import io.vimap.protocol.Outbox;
import io.vimap.supervision.Conversation;
import io.vimap.supervision.ReadyWorker;
import io.vimap.supervision.WorkerListener;
import org.jspecify.annotations.Nullable;

/**
 * Hears from the supervisor which workers come and go, and sees to the tasks of those
 * that are gone. What is heard on the supervisor's thread is done on the dispatcher's.
 */
final class CrewListener implements WorkerListener {

	private final TaskDispatcher dispatcher;

	CrewListener(TaskDispatcher dispatcher) {
		this.dispatcher = dispatcher;
	}

	@Override
	public Conversation open(ReadyWorker worker) {
		return new WorkerSession(this.dispatcher, worker);
	}

	@Override
	public void ready(Conversation conversation) {
		WorkerSession session = (WorkerSession) conversation;
		inTurn((turn) -> {
			this.dispatcher.crew().add(session);
			// Those who were ready earlier may have prefetched all there is.
			turn.touch(session);
			this.dispatcher.tellWatchers(turn);
		});
	}

	@Override
	public void workOn(Conversation conversation) {
		inTurn(((WorkerSession) conversation)::workOn);
	}

	@Override
	public void retire(Conversation conversation) {
		inTurn(((WorkerSession) conversation)::retire);
	}

	@Override
	public void gone(Conversation conversation, WorkerExit exit, @Nullable Outbox outbox) {
		WorkerSession session = (WorkerSession) conversation;
		inTurn((turn) -> session.gone());
		if (outbox != null) {
			this.dispatcher.scheduler().after(0, () -> session.recover(outbox));
		}
		inTurn((turn) -> bury(session, exit, outbox, turn));
	}

	/** What a dead worker has not answered goes back; what it had begun has failed. */
	private void bury(WorkerSession session, WorkerExit exit, @Nullable Outbox outbox, Turn turn) {
		this.dispatcher.crew().remove(session);
		turn.touch(session);
		Task task;
		// Each goes back to the front, so the last one first: they keep their order.
		while ((task = session.window().pollLast()) != null) {
			boolean begun = (outbox != null) ? task.number == outbox.begun() : session.window().held() == 0;
			if (begun) {
				endWith(task, session, exit, turn);
			}
			else {
				this.dispatcher.again(task, turn);
			}
		}
		turn.afterwards(session.worker()::giveBackMemory);
		this.dispatcher.tellWatchers(turn);
	}

	private void endWith(Task task, WorkerSession session, WorkerExit exit, Turn turn) {
		// The worker can't tell any more. Without it, all of that would seem to be
		// waiting.
		task.ranNanos = session.watch().nanos();
		if (exit.reason() == ExitReason.REQUESTED) {
			// It was killed with its pool, which may have been resumed since.
			this.dispatcher.cancel(task, turn);
		}
		else if (exit.reason() == ExitReason.TASK_TIMEOUT && session.watch().hasKilledOver(task)) {
			this.dispatcher.interrupted(task, session, exit.status(), turn);
		}
		else {
			// Also if it was killed over the task before, which has ended just then.
			this.dispatcher.crashed(task, session, exit, turn);
		}
	}

	@Override
	public void onStateChange(PoolState from, PoolState to) {
		this.dispatcher.admission().state(to);
		inTurn((turn) -> {
			this.dispatcher.cancelHopeless(turn);
			this.dispatcher.tellWatchers(turn);
		});
		if (to == PoolState.TERMINATED) {
			this.dispatcher.scheduler().after(0, this.dispatcher.scheduler()::close);
		}
	}

	private void inTurn(Consumer<Turn> action) {
		this.dispatcher.scheduler().after(0, () -> {
			try (Turn turn = this.dispatcher.begin()) {
				action.accept(turn);
			}
		});
	}

}
