package io.vimap.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

import io.vimap.boot.VimapWorker;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerContext;

/**
 * Sends requests to one server over one session. Runs in a process of its own: all of
 * this class, its constructor included, is executed there and never in the application.
 */
@VimapWorker("requests")
class SendRequests implements Worker<Line, Response> {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final String server;

	private long pid;

	@SuppressWarnings("NullAway.Init")
	private HttpClient session;

	SendRequests(ServerArgs args) {
		String address = args.server().toString();
		this.server = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
	}

	@Override
	public void init(WorkerContext context) {
		this.pid = context.pid();
		this.session = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();
	}

	@Override
	public Response process(Line line) throws Exception {
		Request request = Request.parse(line);
		HttpRequest post = HttpRequest.newBuilder(URI.create(this.server + request.uri()))
			.header("Content-Type", "application/json")
			.timeout(TIMEOUT)
			.POST(BodyPublishers.ofByteArray(request.body()))
			.build();
		HttpResponse<String> answer = this.session.send(post, BodyHandlers.ofString());
		if (answer.statusCode() / 100 != 2) {
			throw new IOException("HTTP status " + answer.statusCode() + " from " + post.uri());
		}
		return new Response(this.server, this.pid, answer.statusCode(), answer.body());
	}

	@Override
	public void cleanup() throws Exception {
		// Closeable from Java 21 on. Before, a client ends with the last reference to it.
		if (this.session instanceof AutoCloseable closeable) {
			closeable.close();
		}
	}

}
