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

package io.observability.internal.log.collector;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import io.observability.internal.log.queue.UnreadableFiles;

/**
 * Counts what the collectors of this process have skipped because it can't be read or
 * delivered, and reports each file. Safe for any thread.
 */
public final class SkippedRecords implements UnreadableFiles {

	private static final LongAdder BYTES = new LongAdder();

	private final Consumer<IOException> reporter;

	SkippedRecords(Consumer<IOException> reporter) {
		this.reporter = reporter;
	}

	/**
	 * Returns the length of what was skipped since this process was started.
	 * @return the number of bytes
	 */
	public static long bytes() {
		return BYTES.sum();
	}

	/**
	 * Counts an event that can't be delivered.
	 * @param bytes its length
	 */
	public static void add(long bytes) {
		BYTES.add(bytes);
	}

	@Override
	public void onUnreadable(Path file, IOException cause) {
		this.reporter.accept(new UnreadableFileException(file, cause));
	}

	@Override
	public void onSkipped(Path file, long bytes) {
		add(bytes);
	}

}
