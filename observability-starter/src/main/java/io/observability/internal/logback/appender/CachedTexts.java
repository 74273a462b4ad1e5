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

import java.util.Arrays;
import java.util.List;

import ch.qos.logback.classic.spi.ILoggingEvent;
import org.jspecify.annotations.Nullable;

/**
 * Successive texts of a line that depend on few values, such as level, thread and logger:
 * the bytes of all of them are found at once.
 *
 * <p>
 * The table is written without coordination; its entries are immutable. Other values of
 * the same hash take an entry's place only some time later, so that threads do not write
 * to the table for each event.
 */
final class CachedTexts implements LinePart {

	/** A power of two. */
	private static final int SIZE = 256;

	private static final long MIN_AGE_MILLIS = 100;

	private final CachedText[] texts;

	private final @Nullable Entry[] table = new Entry[SIZE];

	CachedTexts(List<CachedText> texts) {
		this.texts = texts.toArray(CachedText[]::new);
	}

	@Override
	public void append(ILoggingEvent event, EncodedEvent target) {
		Object[] keys = new Object[this.texts.length];
		int hash = 0;
		for (int i = 0; i < keys.length; i++) {
			Object key = this.texts[i].key(event);
			keys[i] = key;
			hash = 31 * hash + ((key != null) ? key.hashCode() : 0);
		}
		int index = (hash ^ (hash >>> 16)) & (SIZE - 1);
		Entry entry = this.table[index];
		if (entry != null && entry.isFor(keys)) {
			target.add(entry.bytes);
			return;
		}
		int start = target.length();
		for (int i = 0; i < keys.length; i++) {
			target.add(this.texts[i].bytes(keys[i], event));
		}
		if (entry == null || event.getTimeStamp() - entry.time > MIN_AGE_MILLIS) {
			this.table[index] = new Entry(keys, Arrays.copyOfRange(target.bytes(), start, target.length()),
					event.getTimeStamp());
		}
	}

	private static final class Entry {

		private final @Nullable Object[] keys;

		private final byte[] bytes;

		private final long time;

		Entry(@Nullable Object[] keys, byte[] bytes, long time) {
			this.keys = keys;
			this.bytes = bytes;
			this.time = time;
		}

		boolean isFor(@Nullable Object[] others) {
			for (int i = 0; i < others.length; i++) {
				Object key = this.keys[i];
				if (key != others[i] && (key == null || !key.equals(others[i]))) {
					return false;
				}
			}
			return true;
		}

	}

}
