package io.vimap.boot.autoconfigure.hierarchy.api;

import io.vimap.boot.VimapClient;

@VimapClient("desk-calculator")
public interface Calculator {

	int twice(int number);

}
