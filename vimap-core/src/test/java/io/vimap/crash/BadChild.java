package io.vimap.crash;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Speaks the protocol, written after its document and not after the engine's code, and
 * breaks it at one point.
 */
public final class BadChild {

	/** The environment variable that names what to do wrong. */
	static final String SCRIPT = "BAD_CHILD";

	private static final int HELLO = 0x01;

	private static final int READY = 0x02;

	private static final int RESULT = 0x10;

	private static final int RECALLED = 0x12;

	private static final int GOODBYE = 0x15;

	private static final int MAPPED = 0x16;

	private static final int MEMORY = 0x56;

	private static final int IN_MEMORY = 0x80;

	private static final int TASK = 0x50;

	/** The tag of a string. */
	private static final byte STRING = 11;

	/** The value {@code null}. */
	private static final byte[] VALUE = { 0 };

	/** What it does wrong. */
	enum Script {

		// Before it is ready.

		EXITS_BEFORE_HELLO, NEVER_CONNECTS, HANGS_BEFORE_HELLO, GARBAGE_FOR_HELLO, WRONG_VERSION, WRONG_TOKEN,
		SILENT_AFTER_HELLO, EXITS_AFTER_HELLO, RESULT_BEFORE_READY,

		// When it receives its first task.

		GARBAGE, UNKNOWN_NUMBER, SAME_RESULT_TWICE, TRUNCATED_AND_EXIT, TRUNCATED_AND_CLOSED, TWO_GIBIBYTES,
		NEGATIVE_LENGTH, NO_LENGTH, UNKNOWN_TYPE, FRAME_OF_THE_PARENT, RECALLED_UNASKED, EARLY_GOODBYE,
		CLOSES_AND_LIVES, RESULT_IN_NO_MEMORY, MAPPED_UNASKED, MAPPED_TWICE, RESULT_AND_GARBAGE, RESULT_AND_CLOSED,
		SHORT_BODY;

		boolean isBeforeReady() {
			return compareTo(RESULT_BEFORE_READY) <= 0;
		}

	}

	private final DataInputStream in;

	private final DataOutputStream out;

	private final SocketChannel channel;

	private final String token;

	private BadChild(SocketChannel channel, String token) {
		this.channel = channel;
		this.in = new DataInputStream(Channels.newInputStream(channel));
		this.out = new DataOutputStream(Channels.newOutputStream(channel));
		this.token = token;
	}

	/**
	 * Runs the script.
	 * @param args none
	 * @throws Exception if the parent is gone
	 */
	public static void main(String[] args) throws Exception {
		Script script = Script.valueOf(System.getenv(SCRIPT));
		BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		input.readLine();
		Path socket = Path.of(input.readLine());
		String token = input.readLine();
		switch (script) {
			case EXITS_BEFORE_HELLO -> System.exit(9);
			case NEVER_CONNECTS -> hang();
			default -> {
				SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
				channel.connect(UnixDomainSocketAddress.of(socket));
				BadChild child = new BadChild(channel, token);
				if (script.isBeforeReady()) {
					child.begin(script);
				}
				else {
					child.work(script);
				}
			}
		}
	}

	private static void hang() throws InterruptedException {
		Thread.sleep(600_000);
	}

	private void begin(Script script) throws Exception {
		switch (script) {
			case GARBAGE_FOR_HELLO -> this.out.write(new byte[] { 'G', 'E', 'T', ' ', '/', ' ', 'H', 'T', 'T', 'P' });
			case WRONG_VERSION -> hello(99, this.token);
			case WRONG_TOKEN -> hello(1, "0".repeat(64));
			case SILENT_AFTER_HELLO -> hello(1, this.token);
			case EXITS_AFTER_HELLO -> {
				hello(1, this.token);
				System.exit(9);
			}
			case RESULT_BEFORE_READY -> {
				hello(1, this.token);
				result(1);
			}
			default -> {
			}
		}
		hang();
	}

	private void work(Script script) throws Exception {
		hello(1, this.token);
		frame(READY, new byte[8]);
		long number = awaitTask();
		switch (script) {
			case GARBAGE -> this.out.write("Segmentation fault, core dumped, sorry".getBytes(StandardCharsets.UTF_8));
			case UNKNOWN_NUMBER -> result(number + 1000);
			case SAME_RESULT_TWICE -> {
				result(number);
				result(number);
			}
			case TRUNCATED_AND_EXIT -> {
				truncated(number);
				System.exit(9);
			}
			case TRUNCATED_AND_CLOSED -> {
				truncated(number);
				this.channel.close();
			}
			case TWO_GIBIBYTES -> this.out.writeInt(Integer.MAX_VALUE);
			case NEGATIVE_LENGTH -> this.out.writeInt(-5);
			case NO_LENGTH -> this.out.writeInt(0);
			case UNKNOWN_TYPE -> frame(0x7f, new byte[3]);
			case RESULT_IN_NO_MEMORY -> frame(RESULT | IN_MEMORY,
					ByteBuffer.allocate(24).putLong(number).putLong(1).putInt(0).putInt(9).array());
			case MAPPED_UNASKED -> frame(MAPPED, new byte[0]);
			case MAPPED_TWICE -> {
				// Large, so that the parent offers memory.
				byte[] text = "x".repeat(70_000).getBytes(StandardCharsets.UTF_8);
				frame(RESULT,
						ByteBuffer.allocate(17 + text.length)
							.putLong(number)
							.putLong(1000)
							.put(STRING)
							.put(text)
							.array());
				await(MEMORY);
				frame(MAPPED, new byte[0]);
				frame(MAPPED, new byte[0]);
			}
			case FRAME_OF_THE_PARENT -> frame(TASK, new byte[20]);
			case RECALLED_UNASKED -> frame(RECALLED, new byte[8]);
			case EARLY_GOODBYE -> {
				frame(GOODBYE, new byte[1]);
				this.channel.close();
			}
			case CLOSES_AND_LIVES -> this.channel.close();
			case RESULT_AND_GARBAGE -> {
				// Arrives at once, so that one read takes in both.
				ByteBuffer both = ByteBuffer.allocate(200).putInt(1 + 8 + 8 + VALUE.length).put((byte) RESULT);
				both.putLong(number)
					.putLong(1000)
					.put(VALUE)
					.put("Segmentation fault".getBytes(StandardCharsets.UTF_8));
				this.channel.write(both.flip());
			}
			case RESULT_AND_CLOSED -> {
				result(number);
				this.channel.close();
			}
			default -> frame(RESULT, new byte[3]);
		}
		hang();
	}

	private void hello(int version, String tokenSent) throws IOException {
		byte[] text = tokenSent.getBytes(StandardCharsets.UTF_8);
		this.out.writeInt(1 + 4 + 4 + 4 + text.length + 8);
		this.out.writeByte(HELLO);
		this.out.writeInt(0x56494d50);
		this.out.writeInt(version);
		this.out.writeInt(text.length);
		this.out.write(text);
		this.out.writeLong(ProcessHandle.current().pid());
	}

	private void frame(int type, byte[] body) throws IOException {
		this.out.writeInt(1 + body.length);
		this.out.writeByte(type);
		this.out.write(body);
	}

	private void result(long number) throws IOException {
		this.out.writeInt(1 + 8 + 8 + VALUE.length);
		this.out.writeByte(RESULT);
		this.out.writeLong(number);
		this.out.writeLong(1000);
		this.out.write(VALUE);
	}

	private void truncated(long number) throws IOException {
		this.out.writeInt(1 + 8 + 8 + 1000);
		this.out.writeByte(RESULT);
		this.out.writeLong(number);
	}

	private long awaitTask() throws IOException {
		return await(TASK).getLong();
	}

	private ByteBuffer await(int wanted) throws IOException {
		while (true) {
			int length = this.in.readInt();
			int type = this.in.readByte();
			byte[] body = this.in.readNBytes(length - 1);
			if (type == wanted) {
				return ByteBuffer.wrap(body);
			}
		}
	}

}
