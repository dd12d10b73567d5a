package io.vimap.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * A real HTTP server on a free port of the loopback interface, so that the demo needs
 * nothing installed. Answers each request with a {@link DemoAnswer} after a small
 * latency, as a server does that has some work to do.
 */
final class DemoServer implements AutoCloseable {

	static {
		// Else each answer on a kept-alive connection may wait 40 ms for the peer's
		// delayed ACK
		System.setProperty("sun.net.httpserver.nodelay", "true");
	}

	private final HttpServer server;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final Duration latency;

	private DemoServer(HttpServer server, Duration latency) {
		this.server = server;
		this.latency = latency;
	}

	static DemoServer start(Duration latency) {
		try {
			HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
			DemoServer server = new DemoServer(http, latency);
			http.setExecutor(server.threads);
			http.createContext("/", server::answer);
			http.start();
			return server;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot open a port on the loopback interface", ex);
		}
	}

	URI address() {
		InetSocketAddress address = this.server.getAddress();
		return URI.create("http://" + address.getHostString() + ":" + address.getPort());
	}

	private void answer(HttpExchange exchange) throws IOException {
		try (exchange) {
			byte[] answer = DemoAnswer.to(exchange.getRequestURI().toString(), exchange.getRequestBody().readAllBytes())
				.write();
			work();
			exchange.getResponseHeaders().set("Content-Type", "application/json");
			exchange.sendResponseHeaders(200, answer.length);
			exchange.getResponseBody().write(answer);
		}
	}

	private void work() {
		try {
			Thread.sleep(this.latency.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

}
