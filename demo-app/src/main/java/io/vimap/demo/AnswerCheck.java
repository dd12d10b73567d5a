package io.vimap.demo;

import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;

/**
 * Checks that an answer belongs to its request. Of servers other than the demo's own it
 * is not known what they answer.
 */
@Component
class AnswerCheck {

	private final boolean known;

	AnswerCheck(DemoServers servers) {
		this.known = servers.areOwn();
	}

	boolean belongs(Line line, Response response) {
		if (!this.known) {
			return true;
		}
		try {
			Request request = Request.parse(line);
			return DemoAnswer.to(request.uri(), request.body()).equals(DemoAnswer.read(response.body()));
		}
		catch (MalformedRequestException | JacksonException ex) {
			return false;
		}
	}

}
