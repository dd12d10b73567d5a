package io.vimap.boot.client;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.vimap.boot.VimapClient;

/**
 * A client with one of each kind of method. Not public, as a user's may be.
 */
@VimapClient("pdf")
interface Pdf extends Renderer<Page, List<String>>, AutoCloseable {

	byte[] render(Page page, int dpi);

	String render(String text);

	void remember(String name, Map<String, List<Page>> pages);

	Map<String, List<Page>> recall(String name);

	void check(Page page) throws IOException, BadPageException;

	CompletableFuture<Integer> count(Page page);

	CompletableFuture<Void> later(boolean fail);

	long pid();

	void exit(int code);

	void odd() throws Throwable;

	@Override
	void close();

	long sleep(long millis) throws InterruptedException;

	default String twice(String text) {
		return render(text) + render(text);
	}

}
