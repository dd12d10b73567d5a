package io.vimap.boot.autoconfigure;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

import io.vimap.boot.VimapClient;
import io.vimap.worker.Worker;

import org.springframework.stereotype.Component;

/**
 * Worker classes, most of them wrong in one way. Not in a package that is scanned.
 */
final class TestWorkers {

	private TestWorkers() {
	}

	static class Echo implements Worker<String, String> {

		@Override
		public String process(String input) {
			return input;
		}

	}

	static class NoWorker {

	}

	interface InterfaceWorker extends Worker<String, String> {

	}

	abstract static class AbstractWorker implements Worker<String, String> {

	}

	class InnerWorker implements Worker<String, String> {

		@Override
		public String process(String input) {
			return input;
		}

	}

	@SuppressWarnings("rawtypes")
	static class RawWorker implements Worker {

		@Override
		public Object process(Object input) {
			return input;
		}

	}

	static class VariableWorker<T> implements Worker<String, T> {

		@Override
		public T process(String input) {
			return null;
		}

	}

	@Component
	static class ComponentWorker implements Worker<String, String> {

		@Override
		public String process(String input) {
			return input;
		}

	}

	static class ArgsWorker implements Worker<String, String> {

		record Args(String server, Duration timeout, int retries) {
		}

		ArgsWorker(Args args) {
			throw new AssertionError("instantiated in the parent");
		}

		@Override
		public String process(String input) {
			return input;
		}

	}

	@VimapClient("other")
	interface Client {

		void call(Object anything);

	}

	static class OtherClientWorker implements Client {

		@Override
		public void call(Object anything) {
		}

	}

	@VimapClient("other")
	interface Impatient {

		Future<String> call(String text);

	}

	static class ImpatientWorker implements Impatient {

		@Override
		public Future<String> call(String text) {
			return CompletableFuture.completedFuture(text);
		}

	}

	@VimapClient("other")
	sealed interface Sealed {

		String call(String text);

	}

	static final class SealedWorker implements Sealed {

		@Override
		public String call(String text) {
			return text;
		}

	}

}
