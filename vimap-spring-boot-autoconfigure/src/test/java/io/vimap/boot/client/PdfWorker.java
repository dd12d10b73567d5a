package io.vimap.boot.client;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.vimap.boot.VimapWorker;

import org.springframework.beans.factory.annotation.Value;

/**
 * Implements the client in the child.
 */
@VimapWorker("pdf")
class PdfWorker implements Pdf {

	private final Map<String, Map<String, List<Page>>> remembered = new HashMap<>();

	private final String title;

	PdfWorker(@Value("${pdf.title:untitled}") String title) {
		this.title = title;
	}

	@Override
	public List<String> render(Page page) {
		return (page != null) ? List.of(this.title, page.text()) : List.of();
	}

	@Override
	public byte[] render(Page page, int dpi) {
		return new byte[dpi];
	}

	@Override
	public String render(String text) {
		return "<" + text + ">";
	}

	@Override
	public void remember(String name, Map<String, List<Page>> pages) {
		this.remembered.put(name, pages);
	}

	@Override
	public Map<String, List<Page>> recall(String name) {
		return this.remembered.get(name);
	}

	@Override
	public void check(Page page) throws BadPageException {
		if (page.number() == 0) {
			throw new BadPageException("pages begin at 1");
		}
		throw new IllegalArgumentException("page " + page.number());
	}

	@Override
	public CompletableFuture<Integer> count(Page page) {
		return CompletableFuture.supplyAsync(() -> page.text().length());
	}

	@Override
	public CompletableFuture<Void> later(boolean fail) {
		return fail ? CompletableFuture.failedFuture(new BadPageException("too late"))
				: CompletableFuture.completedFuture(null);
	}

	@Override
	public long pid() {
		return ProcessHandle.current().pid();
	}

	@Override
	public void exit(int code) {
		System.exit(code);
	}

	@Override
	public void odd() throws Throwable {
		throw new Throwable("neither exception nor error");
	}

	@Override
	public void close() {
	}

	@Override
	public long sleep(long millis) throws InterruptedException {
		Thread.sleep(millis);
		return millis;
	}

}
