package io.vimap.boot.child;

import java.util.Locale;

import io.vimap.worker.Worker;
import org.junit.jupiter.api.Test;

import org.springframework.context.MessageSource;
import org.springframework.context.NoSuchMessageException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.StaticMessageSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class LazyMessageSourceTests {

	@Test
	void messagesNeedNoSource() throws Exception {
		Worker<String, String> worker = SpringWorkers.create(MessageWorker.class);
		assertThat(worker.process("greeting=Hello {0}")).isEqualTo("Hello you");
		assertThatExceptionOfType(NoSuchMessageException.class).isThrownBy(() -> worker.process("greeting"));
	}

	@Test
	void importedMessageSourceIsUsed() throws Exception {
		Worker<String, String> worker = SpringWorkers.create(MessageWorker.class, MessageConfiguration.class);
		assertThat(worker.process("greeting=Hello {0}")).isEqualTo("Bonjour you");
		assertThat(worker.process("greeting")).isEqualTo("Bonjour you");
		assertThatExceptionOfType(NoSuchMessageException.class).isThrownBy(() -> worker.process("farewell"));
	}

	/** Is given a code, or a code and a default message. */
	static class MessageWorker implements Worker<String, String> {

		private final MessageSource messages;

		MessageWorker(MessageSource messages) {
			this.messages = messages;
		}

		@Override
		public String process(String input) {
			String[] code = input.split("=", 2);
			Object[] args = { "you" };
			return (code.length == 1) ? this.messages.getMessage(code[0], args, Locale.FRENCH)
					: this.messages.getMessage(code[0], args, code[1], Locale.FRENCH);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MessageConfiguration {

		@Bean
		StaticMessageSource messageSource() {
			StaticMessageSource messages = new StaticMessageSource();
			messages.addMessage("greeting", Locale.FRENCH, "Bonjour {0}");
			return messages;
		}

	}

}
