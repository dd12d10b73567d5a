/**
 * Brings each task to a ready worker and its result back. The path of a task:
 * <ol>
 * <li>{@link io.vimap.dispatch.TaskDispatcher#submit TaskDispatcher.submit} takes a
 * single input; {@link io.vimap.dispatch.InputPuller} pulls those of an imap while its
 * {@link io.vimap.dispatch.ImapBound bound} has room, and
 * {@link io.vimap.dispatch.TaskDispatcher#accept TaskDispatcher.accept} takes them.</li>
 * <li>It waits in its {@link io.vimap.dispatch.TaskQueue queue} until
 * {@link io.vimap.dispatch.Crew#assign Crew.assign} gives it to a worker with room.</li>
 * <li>{@link io.vimap.dispatch.TaskSender} encodes and sends it;
 * {@link io.vimap.dispatch.WorkerSession} holds it while it is in flight, and
 * {@link io.vimap.dispatch.TaskWatch} keeps its deadline while it runs.</li>
 * <li>The answers of one read are gathered in an {@link io.vimap.dispatch.AnswerBatch},
 * and {@code WorkerSession.match} finds their tasks.</li>
 * <li>{@link io.vimap.dispatch.TaskDispatcher#finish TaskDispatcher.finish} hands it to
 * its {@link io.vimap.dispatch.TaskOwner owner}: a {@link io.vimap.dispatch.TaskFuture},
 * or the {@link io.vimap.dispatch.ResultQueue} that {@link io.vimap.dispatch.ImapRun}
 * reads.</li>
 * </ol>
 * Or it is taken back, because of a cancellation, a recall
 * ({@link io.vimap.dispatch.Rebalancing}) or the death of its worker
 * ({@link io.vimap.dispatch.CrewListener}): {@link io.vimap.dispatch.TaskDispatcher#again
 * TaskDispatcher.again} puts it back to its queue, unless
 * {@link io.vimap.dispatch.RetryPolicy} says that it has failed.
 * <p>
 * All of that passes one lock, in {@link io.vimap.dispatch.Turn turns}.
 */
@NullMarked
package io.vimap.dispatch;

import org.jspecify.annotations.NullMarked;
