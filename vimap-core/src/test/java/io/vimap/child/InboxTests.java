package io.vimap.child;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import io.vimap.protocol.FrameType;
import io.vimap.protocol.Frames;
import io.vimap.protocol.Outbox;
import io.vimap.protocol.PayloadBuffer;
import io.vimap.protocol.ProtocolException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Inbox}: who reads when the task thread and the control thread could.
 */
@Timeout(30)
class InboxTests {

	@TempDir
	private Path directory;

	private SocketChannel parent;

	private SocketChannel child;

	private Outgoing outgoing;

	private Inbox inbox;

	@BeforeEach
	void connect() throws Exception {
		UnixDomainSocketAddress address = UnixDomainSocketAddress.of(this.directory.resolve("socket"));
		try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			server.bind(address);
			this.child = SocketChannel.open(address);
			this.parent = server.accept();
		}
		Path outbox = this.directory.resolve("outbox");
		Outbox.create(outbox).close();
		OutboxThread thread = new OutboxThread(outbox);
		thread.start();
		this.outgoing = new Outgoing(this.child, thread.awaitMap());
		this.inbox = new Inbox(this.child, this.outgoing, new ControlFrames(this.outgoing));
	}

	@AfterEach
	void close() throws IOException {
		// The other way round a child would halt.
		this.child.close();
		this.parent.close();
	}

	@Test
	void theControlThreadGoesOnReadingAfterALongTask() throws Exception {
		waitAfterTaskOf(ControlThread.LATER_NANOS);
		assertThat(this.inbox.isReadOnBehalf()).isTrue();
	}

	@Test
	void theTaskThreadReadsItselfAfterAShortTask() throws Exception {
		waitAfterTaskOf(ControlThread.LATER_NANOS - 1);
		assertThat(this.inbox.isReadOnBehalf()).isFalse();
	}

	/** The task thread waits for the next task while the control thread reads. */
	private void waitAfterTaskOf(long nanos) throws Exception {
		startControl();
		while (!this.inbox.isReadOnBehalf()) {
			Thread.onSpinWait();
		}
		TakenTask task = new TakenTask();
		task.ended(nanos);
		FutureTask<Boolean> taken = new FutureTask<>(() -> this.inbox.take(task));
		Thread taskThread = new Thread(taken, "task");
		taskThread.start();
		while (taskThread.getState() != Thread.State.WAITING) {
			Thread.onSpinWait();
		}
		sendTask(7);
		assertThat(taken.get(10, TimeUnit.SECONDS)).isTrue();
		assertThat(task.number()).isEqualTo(7);
	}

	@Test
	void resultsAreSentBeforeTheControlThreadWaits() throws Exception {
		PayloadBuffer result = new PayloadBuffer(32);
		Frames.end(result, Frames.beginResult(result, 7, 1));
		this.outgoing.append(result);
		startControl();
		assertThat(this.parent.read(ByteBuffer.allocate(1024))).isEqualTo(result.size());
	}

	@Test
	void aLookTakesInWhatHasArrived() throws Exception {
		sendTask(7);
		assertThat(this.inbox.look()).isEqualTo(1);
		TakenTask task = new TakenTask();
		assertThat(this.inbox.take(task)).isTrue();
		assertThat(task.number()).isEqualTo(7);
		assertThat(task.wasAwaited()).isFalse();
	}

	@Test
	void aLookDoesNotWait() throws Exception {
		assertThat(this.inbox.look()).isZero();
		assertThat(this.child.isBlocking()).isTrue();
	}

	@Test
	void aFrameThatIsTooLongForItsTypeIsRefused() throws Exception {
		PayloadBuffer out = new PayloadBuffer(64);
		int at = Frames.begin(out, FrameType.RECALL);
		out.writeByte(0);
		Frames.end(out, at);
		this.parent.write(ByteBuffer.wrap(out.array(), 0, out.size()));
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(this.inbox::look)
			.withMessageContaining("1 bytes are left over");
	}

	private void startControl() {
		new Thread(new FutureTask<>(() -> {
			this.inbox.readOnBehalf();
			return null;
		}), "control").start();
	}

	private void sendTask(long number) throws IOException {
		PayloadBuffer out = new PayloadBuffer(64);
		Frames.end(out, Frames.beginTask(out, number, Map.of()));
		this.parent.write(ByteBuffer.wrap(out.array(), 0, out.size()));
	}

}
