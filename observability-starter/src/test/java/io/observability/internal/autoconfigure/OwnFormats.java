/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.observability.internal.autoconfigure;

import java.nio.charset.StandardCharsets;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import org.springframework.boot.json.JsonWriter.Members;
import org.springframework.boot.logging.StackTracePrinter;
import org.springframework.boot.logging.structured.StructuredLogFormatter;
import org.springframework.boot.logging.structured.StructuredLoggingJsonMembersCustomizer;

/** Formats that an application has of its own. */
final class OwnFormats {

	private OwnFormats() {
	}

	/** An array of JSON texts, with a header and a footer. */
	public static final class JsonArray extends EncoderBase<ILoggingEvent> {

		@Override
		public byte[] headerBytes() {
			return "[\n".getBytes(StandardCharsets.UTF_8);
		}

		@Override
		public byte[] encode(ILoggingEvent event) {
			String text = event.getFormattedMessage();
			return ("\"" + text + "\",\n").getBytes(StandardCharsets.UTF_8);
		}

		@Override
		public byte[] footerBytes() {
			return "null]\n".getBytes(StandardCharsets.UTF_8);
		}

	}

	/** A structured format without members. */
	static final class Structured implements StructuredLogFormatter<ILoggingEvent> {

		@Override
		public String format(ILoggingEvent event) {
			return "<" + event.getLevel() + " " + event.getFormattedMessage() + ">\n";
		}

	}

	/** Adds and renames members. */
	static final class Customizer implements StructuredLoggingJsonMembersCustomizer<ILoggingEvent> {

		@Override
		public void customize(Members<ILoggingEvent> members) {
			members.add("shouted", (event) -> String.valueOf(event.getFormattedMessage()).length());
			members.applyingNameProcessor((path, name) -> name.toUpperCase(java.util.Locale.ROOT));
		}

	}

	/** Prints no frames. */
	static final class Printer implements StackTracePrinter {

		@Override
		public void printStackTrace(Throwable throwable, Appendable out) throws java.io.IOException {
			out.append(throwable.toString());
		}

	}

}
