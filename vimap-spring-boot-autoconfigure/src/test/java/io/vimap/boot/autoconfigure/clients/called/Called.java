package io.vimap.boot.autoconfigure.clients.called;

import io.vimap.boot.VimapClient;
import io.vimap.boot.VimapWorker;

@VimapClient("called")
public interface Called {

	String call(String text);

	@VimapWorker("called")
	class Implementation implements Called {

		Implementation() {
			throw new AssertionError("instantiated in the parent");
		}

		@Override
		public String call(String text) {
			return text;
		}

	}

}
