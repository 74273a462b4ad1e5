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

import java.nio.charset.Charset;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.pattern.Converter;
import org.jspecify.annotations.Nullable;

/** Caches the bytes of a converter by the value that they depend on. */
final class CachedText {

	/** Bounds the cache, because applications may derive names from data. */
	private static final int MAX_CACHED = 2000;

	private final Converter<ILoggingEvent> converter;

	private final Charset charset;

	private final Function<ILoggingEvent, @Nullable Object> key;

	private final Map<Object, byte[]> cache = new ConcurrentHashMap<>();

	CachedText(Converter<ILoggingEvent> converter, Charset charset, Function<ILoggingEvent, @Nullable Object> key) {
		this.converter = converter;
		this.charset = charset;
		this.key = key;
	}

	@Nullable Object key(ILoggingEvent event) {
		return this.key.apply(event);
	}

	byte[] bytes(@Nullable Object key, ILoggingEvent event) {
		byte[] bytes = (key != null) ? this.cache.get(key) : null;
		if (bytes == null) {
			StringBuilder text = new StringBuilder();
			this.converter.write(text, event);
			bytes = text.toString().getBytes(this.charset);
			if (key != null && this.cache.size() < MAX_CACHED) {
				this.cache.put(key, bytes);
			}
		}
		return bytes;
	}

}
