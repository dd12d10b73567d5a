package io.vimap.boot.client;

/**
 * A checked exception that methods declare.
 */
class BadPageException extends Exception {

	public BadPageException(String message) {
		super(message);
	}

}
