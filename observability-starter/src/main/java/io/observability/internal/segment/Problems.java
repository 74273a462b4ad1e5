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

package io.observability.internal.segment;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What is wrong with files of the store. Each file is reported once.
 */
public final class Problems {

	private final Map<Path, String> byFile = new ConcurrentHashMap<>();

	private final Consumer<String> warning;

	/**
	 * Creates an empty list.
	 * @param warning receives a text for each file, once
	 */
	public Problems(Consumer<String> warning) {
		this.warning = warning;
	}

	/** A file of another instance can't be read. */
	public void found(Path file, Throwable cause) {
		note(file, "metrics file can't be read, the others are shown without it: " + text(cause));
	}

	/** A file of this instance can't be made. */
	public void notMade(Path file, Throwable cause) {
		note(file,
				"metrics file can't be made, other instances don't see the series in it until it can: " + text(cause));
	}

	/** A file of this instance was deleted, moved away or cut off. */
	public void lost(SegmentFile file) {
		note(file.path(), "metrics file was deleted or cut off while in use, its series go into a new one: bytes left="
				+ file.intactBytes() + ", size=" + file.size());
	}

	/** This instance's files can't be repaired. */
	public void notRepaired(Path store, Throwable cause) {
		note(store, "store can't be repaired, what is recorded may be missing until it can: " + text(cause));
	}

	/** More series than are kept. */
	public void tooManySeries(Path slot, int limit, String name, List<String> labelValues) {
		note(slot, "too many series, more are not kept; is there a label with ever new values? limit=" + limit
				+ ", first too many=" + name + labelValues);
	}

	private static String text(Throwable cause) {
		String message = cause.getMessage();
		return (message != null) ? message : cause.toString();
	}

	private void note(Path file, String text) {
		if (this.byFile.putIfAbsent(file, text) == null) {
			this.warning.accept(text + ", file=" + file);
		}
	}

	/**
	 * What was found, by file.
	 * @return a copy
	 */
	public Map<Path, String> byFile() {
		return Map.copyOf(this.byFile);
	}

}
