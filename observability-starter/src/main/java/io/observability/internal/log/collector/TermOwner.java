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

import java.nio.file.Path;

import io.observability.internal.log.collector.CheckpointFile.Content;
import io.observability.internal.log.queue.UnreadableFiles;

/**
 * The process that begins a term.
 *
 * @param instance id of its instance
 * @param temporary where it alone may create a file, in the file system of the store
 * @param last what its checkpoint file held in its last term, if it has had one
 * @param buffers its memory for reading and merging
 * @param unreadable receives what can't be read
 * @param replacesUnreadable whether it puts aside a checkpoint that it can't read
 */
record TermOwner(String instance, Path temporary, Content last, CollectorBuffers buffers, UnreadableFiles unreadable,
		boolean replacesUnreadable) {
}
