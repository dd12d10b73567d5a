package io.vimap.demo;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import tools.jackson.databind.json.JsonMapper;

/**
 * What a {@link DemoServer} answers: computed from the request, so that it can be checked
 * that an answer belongs to its request.
 *
 * @param uri the URI of the request
 * @param sha256 the digest of the request's body
 */
record DemoAnswer(String uri, String sha256) {

	private static final JsonMapper JSON = new JsonMapper();

	static DemoAnswer to(String uri, byte[] body) {
		return new DemoAnswer(uri, HexFormat.of().formatHex(newDigest().digest(body)));
	}

	static DemoAnswer read(String json) {
		return JSON.readValue(json, DemoAnswer.class);
	}

	byte[] write() {
		return JSON.writeValueAsBytes(this);
	}

	private static MessageDigest newDigest() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
