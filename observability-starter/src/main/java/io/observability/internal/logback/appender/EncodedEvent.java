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
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/** A growing buffer with the bytes of one event. For one thread. */
final class EncodedEvent {

	private byte[] bytes;

	private int length;

	/** For converters that write characters. */
	private @Nullable StringBuilder text;

	private EncodedEvent(byte[] bytes, int length) {
		this.bytes = bytes;
		this.length = length;
	}

	/** Returns an empty event that uses the memory until it needs more. */
	static EncodedEvent in(byte[] memory) {
		return new EncodedEvent(memory, 0);
	}

	static EncodedEvent of(byte @Nullable [] bytes) {
		return (bytes != null) ? new EncodedEvent(bytes, bytes.length) : new EncodedEvent(new byte[0], 0);
	}

	/** Returns the bytes, possibly followed by unused ones. */
	byte[] bytes() {
		return this.bytes;
	}

	/** Returns a copy of the bytes. */
	byte[] toByteArray() {
		return Arrays.copyOf(this.bytes, this.length);
	}

	int length() {
		return this.length;
	}

	void add(byte[] part) {
		int end = this.length + part.length;
		if (end > this.bytes.length) {
			this.bytes = Arrays.copyOf(this.bytes, Math.max(end, 2 * this.bytes.length));
		}
		System.arraycopy(part, 0, this.bytes, this.length, part.length);
		this.length = end;
	}

	void add(@Nullable String part, Charset charset) {
		add(String.valueOf(part).getBytes(charset));
	}

	/** Returns the builder, emptied. */
	StringBuilder text() {
		if (this.text == null) {
			this.text = new StringBuilder();
		}
		this.text.setLength(0);
		return this.text;
	}

}
