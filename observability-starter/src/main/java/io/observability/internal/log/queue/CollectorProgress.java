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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/**
 * Whether the fleet's collector makes progress, if only with other queues: it merges by
 * time, so it may have much to do before it gets to this one. Progress changes the time
 * of its checkpoint. For one thread.
 */
final class CollectorProgress {

	private final Path checkpoint;

	private FileTime last = FileTime.fromMillis(0);

	CollectorProgress(Path checkpoint) {
		this.checkpoint = checkpoint;
	}

	/** Returns whether the collector has got on since the last call. */
	boolean isMade() {
		FileTime time;
		try {
			time = Files.getLastModifiedTime(this.checkpoint);
		}
		catch (IOException ex) {
			// There has been no collector yet.
			return false;
		}
		boolean made = !time.equals(this.last);
		this.last = time;
		return made;
	}

}
