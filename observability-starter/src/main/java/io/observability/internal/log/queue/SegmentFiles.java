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
import java.nio.file.StandardCopyOption;

import io.observability.internal.memory.Permissions;
import io.observability.internal.memory.Region;
import io.observability.internal.segment.SegmentSequence;
import io.observability.internal.segment.SegmentStage;

/**
 * The files of one queue's segments, from their creation to their deletion. For one
 * thread.
 *
 * <p>
 * Protocol. A file gets the name under which readers look for it only after its header
 * and free words have been written. When all of a segment has been collected, the
 * collector renames it from {@code seg} to {@code free}: that is the acknowledgement, and
 * the memory may be formatted again for a later index. Mapped memory is used again rather
 * than unmapped because a file that is deleted while mapped keeps its disk space until
 * some garbage collection. A crash leaves the files as they are; the collector drains and
 * deletes them.
 */
final class SegmentFiles {

	private final SegmentSequence sequence;

	SegmentFiles(SegmentSequence sequence) {
		this.sequence = sequence;
	}

	Segment create(int index, int size) throws IOException {
		Permissions.createDirectories(this.sequence.slot().directory());
		Path temporary = this.sequence.file(index, SegmentStage.TEMPORARY);
		Files.deleteIfExists(temporary);
		Segment segment = Segment.format(Region.create(temporary, size), this.sequence, index);
		Files.move(temporary, this.sequence.segmentFile(index), StandardCopyOption.ATOMIC_MOVE);
		return segment;
	}

	/** Makes a segment of the memory and the file of an acknowledged one. */
	Segment reuse(Segment acknowledged, int index) throws IOException {
		Segment segment = Segment.format(acknowledged.region(), this.sequence, index);
		Files.move(this.sequence.file(acknowledged.index(), SegmentStage.FREE), this.sequence.segmentFile(index),
				StandardCopyOption.ATOMIC_MOVE);
		return segment;
	}

	/** Whether readers find the segment. */
	boolean isPublished(Segment segment) {
		return Files.exists(this.sequence.segmentFile(segment.index()));
	}

	/** Whether the collector has left the file of an acknowledged segment. */
	boolean isReusable(Segment acknowledged) {
		return Files.exists(this.sequence.file(acknowledged.index(), SegmentStage.FREE));
	}

	/** Deletes a segment that no reader has looked into. */
	void deletePublished(Segment segment) throws IOException {
		Files.deleteIfExists(this.sequence.segmentFile(segment.index()));
	}

	void deleteAcknowledged(Segment segment) throws IOException {
		Files.deleteIfExists(this.sequence.file(segment.index(), SegmentStage.FREE));
	}

}
