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

package io.observability.internal.log.queue;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Receives what a {@link QueueReader} can't read. Called on the reader's thread.
 */
public interface UnreadableFiles {

	/** Ignores them: another reader of the same segments reports them. */
	UnreadableFiles IGNORED = new UnreadableFiles() {

		@Override
		public void onUnreadable(Path file, IOException cause) {
		}

		@Override
		public void onSkipped(Path file, long bytes) {
		}

	};

	/**
	 * A file can't be read, or not to its end. Called once for each file.
	 * @param file the file
	 * @param cause what is wrong with it
	 */
	void onUnreadable(Path file, IOException cause);

	/**
	 * A file that can't be read to its end has been left.
	 * @param file the file
	 * @param bytes length of the records that were not read, as far as it is known
	 */
	void onSkipped(Path file, long bytes);

}
