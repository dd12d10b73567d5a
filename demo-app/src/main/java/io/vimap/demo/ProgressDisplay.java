package io.vimap.demo;

import java.io.Console;
import java.util.function.Consumer;

import io.vimap.pool.Progress;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * A progress bar where there is a terminal to show it on, else nothing.
 */
final class ProgressDisplay implements Consumer<Progress>, AutoCloseable {

	private final @Nullable ProgressBar bar;

	private ProgressDisplay(@Nullable ProgressBar bar) {
		this.bar = bar;
	}

	static ProgressDisplay of(RequestLines lines) {
		if (!isTerminal()) {
			return new ProgressDisplay(null);
		}
		return new ProgressDisplay(new ProgressBarBuilder().setTaskName("requests")
			.setInitialMax(lines.count())
			.setStyle(ProgressBarStyle.ASCII)
			.setUpdateIntervalMillis(100)
			.showSpeed()
			.build());
	}

	@SuppressWarnings("SystemConsoleNull") // up to Java 21 there is none without a
											// terminal
	private static boolean isTerminal() {
		Console console = System.console();
		if (console == null) {
			return false;
		}
		try {
			// From Java 22 on there may be a console without a terminal, and a method to
			// ask for it
			return (boolean) Console.class.getMethod("isTerminal").invoke(console);
		}
		catch (ReflectiveOperationException ex) {
			return true;
		}
	}

	@Override
	public void accept(Progress progress) {
		if (this.bar != null) {
			this.bar.stepTo(progress.finished());
		}
	}

	@Override
	public void close() {
		if (this.bar != null) {
			this.bar.close();
		}
	}

}
