package io.vimap.boot.autoconfigure.clients.twice;

import io.vimap.boot.VimapClient;
import io.vimap.boot.VimapWorker;

@VimapClient("twice")
interface Twice {

	String call(String text);

	@VimapWorker("twice")
	class One implements Twice {

		@Override
		public String call(String text) {
			return text;
		}

	}

	@VimapWorker("twice")
	class Other extends One {

	}

}
