package io.vimap.boot.autoconfigure.clients.orphan;

import io.vimap.boot.VimapClient;

@VimapClient("orphan")
interface Orphan {

	String call(String text);

}
