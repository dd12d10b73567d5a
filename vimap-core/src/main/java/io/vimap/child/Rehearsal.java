package io.vimap.child;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;

import io.vimap.protocol.FrameInput;
import io.vimap.protocol.Frames;
import io.vimap.protocol.PayloadBuffer;
import io.vimap.protocol.PayloadCodecs;
import io.vimap.protocol.Welcome;
import io.vimap.worker.Worker;

/**
 * Builds a worker of no consequence and runs a task, so that all classes that takes are
 * loaded when somebody waits for it. Runs beside the preparations of {@link WorkerMain}:
 * a machine with two processors loads twice as many classes in the time.
 */
final class Rehearsal extends Thread {

	Rehearsal() {
		super(null, null, "vimap-rehearsal", 256 * 1024);
		setDaemon(true);
	}

	@Override
	public void run() {
		try {
			perform();
		}
		catch (Throwable ex) {
			System.err.println("vimap: a rehearsal failed");
			ex.printStackTrace();
		}
	}

	/**
	 * Rehearses.
	 * @throws Exception what no worker could have got over
	 */
	static void perform() throws Exception {
		// HELLO tells the process id.
		ProcessHandle.current();
		BuiltWorker built = build();
		PayloadBuffer out = new PayloadBuffer(64);
		int at = Frames.beginResult(out, 1, 1);
		int begin = out.size();
		built.outputs().encode(1, out);
		Frames.end(out, at);
		built.worker().process(built.inputs().decode(out.array(), begin, out.size() - begin));
	}

	private static BuiltWorker build() throws Exception {
		PayloadBuffer out = new PayloadBuffer(256);
		new Welcome("", 0, 0, Welcome.Kind.WORKER_CLASS, Understudy.class.getName().getBytes(StandardCharsets.UTF_8),
				new byte[0], PayloadCodecs.AUTO, new byte[0], new byte[0], 0, Map.of())
			.write(out);
		FrameInput input = new FrameInput();
		input.set(out.array(), Frames.HEADER, out.size() - Frames.HEADER);
		Welcome welcome = Welcome.read(input);
		return BuiltWorker.build(welcome, new ChildContext(welcome, new NoSignals()), Rehearsal.class.getClassLoader());
	}

	static final class Understudy implements Worker<Integer, Integer> {

		@Override
		public Integer process(Integer input) {
			return input;
		}

	}

	private static final class NoSignals implements ChildContext.Signals {

		@Override
		public void onSignal(String topic, Consumer<String> listener) {
		}

	}

}
