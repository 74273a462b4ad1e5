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

package io.observability.internal.logback.appender;

import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Objects;

import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import io.observability.internal.logback.event.EventOrigin;
import org.jspecify.annotations.Nullable;

/**
 * Encodes events as an appender's encoder does at present: applications may change or
 * replace it while it is in use. Safe for any thread; several may notice a change at the
 * same time, each of them then compiles the pattern.
 */
final class AppenderEncoding implements EventEncoder {

	private final OutputStreamAppender<ILoggingEvent> appender;

	private volatile Compiled compiled;

	AppenderEncoding(OutputStreamAppender<ILoggingEvent> appender) {
		this.appender = appender;
		this.compiled = Compiled.of(appender.getEncoder());
	}

	@Override
	public EncodedEvent encode(ILoggingEvent event, EventOrigin origin) throws IOException {
		Encoder<ILoggingEvent> encoder = this.appender.getEncoder();
		Compiled compiled = this.compiled;
		if (!compiled.isCurrent(encoder)) {
			compiled = Compiled.of(encoder);
			this.compiled = compiled;
		}
		return compiled.encoding.encode(event, origin);
	}

	/**
	 * What was made of an encoder.
	 *
	 * @param encoder the encoder
	 * @param layout its layout, which is another one after each start, or null if it has
	 * no pattern
	 * @param pattern of the layout
	 * @param charset of the encoder
	 * @param encoding makes the same bytes
	 */
	private record Compiled(Encoder<ILoggingEvent> encoder, @Nullable PatternLayout layout, @Nullable String pattern,
			@Nullable Charset charset, EventEncoder encoding) {

		static Compiled of(Encoder<ILoggingEvent> encoder) {
			if (encoder instanceof PatternLayoutEncoder pattern
					&& pattern.getLayout() instanceof PatternLayout layout) {
				return new Compiled(encoder, layout, layout.getPattern(), pattern.getCharset(),
						PatternEncoding.of(encoder));
			}
			return new Compiled(encoder, null, null, null, PatternEncoding.of(encoder));
		}

		boolean isCurrent(Encoder<ILoggingEvent> now) {
			if (this.encoder != now) {
				return false;
			}
			if (!(now instanceof PatternLayoutEncoder pattern)) {
				return true;
			}
			return this.layout == pattern.getLayout() && Objects.equals(this.charset, pattern.getCharset())
					&& (this.layout == null || Objects.equals(this.layout.getPattern(), this.pattern));
		}

	}

}
