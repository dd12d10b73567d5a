package io.vimap.dispatch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import io.vimap.pool.ExitReason;
import io.vimap.pool.WorkerExit;
import io.vimap.protocol.AutoCodec;
import io.vimap.protocol.Connection;
import io.vimap.protocol.FrameInput;
import io.vimap.protocol.FrameSender;
import io.vimap.protocol.FrameType;
import io.vimap.protocol.Frames;
import io.vimap.protocol.InboundBuffer;
import io.vimap.protocol.Outbox;
import io.vimap.protocol.PayloadBuffer;
import io.vimap.protocol.ParentPayloadMemory;
import io.vimap.protocol.ThrowableCodec;
import io.vimap.protocol.ValueCodec;
import io.vimap.supervision.Conversation;
import io.vimap.supervision.ReadyWorker;
import io.vimap.supervision.WorkerLink;
import org.jspecify.annotations.Nullable;

/**
 * A worker without a process: what is sent to it goes through a real socket, and it
 * answers when the test says so, on the test's thread.
 */
final class FakeWorker implements ReadyWorker, WorkerLink, AutoCloseable {

	/** How long a task ran, unless the test says otherwise: so the window stays at 2. */
	static final Duration SLOW = Duration.ofMillis(4);

	private static final ValueCodec STRINGS = new AutoCodec().forType(String.class);

	private static final int LIMIT = 1 << 20;

	private final int index;

	private final SocketChannel parentSide;

	private final SocketChannel childSide;

	private final FrameSender sender;

	private final InboundBuffer toParent = new InboundBuffer(LIMIT);

	private final InboundBuffer toChild = new InboundBuffer(LIMIT);

	private final Map<Long, String> inputs = new HashMap<>();

	private final Conversation conversation;

	/** What the supervisor was told. */
	final List<String> overdue = new ArrayList<>();

	final List<String> limits = new ArrayList<>();

	int drained;

	int worked;

	FakeWorker(int index, CrewListener listener) throws IOException {
		this.index = index;
		Path directory = Files.createTempDirectory("vimap-fake");
		Path socket = directory.resolve("s");
		try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			server.bind(UnixDomainSocketAddress.of(socket));
			this.childSide = SocketChannel.open(UnixDomainSocketAddress.of(socket));
			this.parentSide = server.accept();
		}
		Files.delete(socket);
		Files.delete(directory);
		this.childSide.configureBlocking(false);
		this.sender = new FrameSender(new Connection(this.parentSide, Selector.open()), new LongAdder());
		this.conversation = listener.open(this);
	}

	Conversation conversation() {
		return this.conversation;
	}

	// What the child sees

	/** What has arrived since the last call, such as {@code TASK 1 input}. */
	List<String> received() {
		List<String> frames = new ArrayList<>();
		try {
			while (this.toChild.read(this.childSide) > 0) {
				continue;
			}
			FrameInput input = new FrameInput();
			FrameType type;
			while ((type = this.toChild.next(input)) != null) {
				frames.add(switch (type) {
					case TASK -> "TASK " + readTask(input);
					case INTERRUPT -> "INTERRUPT " + input.readLong();
					default -> type.toString();
				});
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return frames;
	}

	private String readTask(FrameInput input) {
		long number = input.readLong();
		input.readByte();
		try {
			String value = (String) STRINGS.decode(input.array(), input.position(), input.remaining());
			this.inputs.put(number, value);
			return number + " " + value;
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	// What the child says: one read of the parent each

	/** Answers tasks, each with its input and an exclamation mark. */
	void answers(long... numbers) {
		answersAfter(SLOW, numbers);
	}

	void answersAfter(Duration ran, long... numbers) {
		received();
		says((out) -> {
			for (long number : numbers) {
				result(out, number, ran);
			}
		});
	}

	private void result(PayloadBuffer out, long number, Duration ran) {
		int at = Frames.beginResult(out, number, ran.toNanos());
		try {
			STRINGS.encode(this.inputs.get(number) + "!", out);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
		Frames.end(out, at);
	}

	void fails(long number, Exception problem) {
		says((out) -> {
			int at = Frames.beginFailure(out, number, SLOW.toNanos(), Frames.WORKER_THREW);
			ThrowableCodec.encode(problem, out);
			Frames.end(out, at);
		});
	}

	void recalled(long first) {
		says((out) -> Frames.number(out, FrameType.RECALLED, first));
	}

	void stack(long number, String text) {
		says((out) -> Frames.stack(out, number, text));
	}

	void says(Consumer<PayloadBuffer> frames) {
		PayloadBuffer out = new PayloadBuffer(256);
		frames.accept(out);
		this.toParent.append(ByteBuffer.wrap(out.array(), 0, out.size()));
		FrameInput input = new FrameInput();
		FrameType type;
		while ((type = this.toParent.next(input)) != null) {
			this.conversation.onFrame(type, input);
		}
		this.conversation.onReadDone();
	}

	/** What it leaves in its outbox: the task begun last, and answers it did not send. */
	Outbox outbox(long begun, long... unsent) {
		received();
		PayloadBuffer out = new PayloadBuffer(256);
		for (long number : unsent) {
			result(out, number, SLOW);
		}
		return new Outbox(begun, this.toParent.received(), Arrays.copyOf(out.array(), out.size()));
	}

	WorkerExit exit(ExitReason reason) {
		return new WorkerExit("dispatched", reason, "", this.index, pid(), 1, 139, "SIGSEGV", Instant.EPOCH,
				Duration.ofSeconds(1), this.conversation.tasksDone(), null, List.of(), null, List.of(), false, null);
	}

	// As the dispatcher sees it

	@Override
	public int index() {
		return this.index;
	}

	@Override
	public long pid() {
		return 1000 + this.index;
	}

	@Override
	public WorkerLink link() {
		return this;
	}

	@Override
	public void drained() {
		this.drained++;
	}

	@Override
	public void overdue(String detail) {
		this.overdue.add(detail);
	}

	@Override
	public void worked() {
		this.worked++;
	}

	@Override
	public void limitReached(String limit) {
		this.limits.add(limit);
	}

	@Override
	public FrameSender sender() {
		return this.sender;
	}

	@Override
	public @Nullable ParentPayloadMemory memory() {
		return null;
	}

	@Override
	public void giveBackMemory() {
	}

	@Override
	public InboundBuffer inbound() {
		return this.toParent;
	}

	@Override
	public void close() {
		try {
			this.childSide.close();
			this.parentSide.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
