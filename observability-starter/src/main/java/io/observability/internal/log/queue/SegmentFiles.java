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
import java.util.IdentityHashMap;

import io.observability.internal.memory.Region;
import io.observability.internal.memory.StoreFiles;
import io.observability.internal.segment.SegmentLifecycle;
import io.observability.internal.segment.SegmentSequence;
import io.observability.internal.segment.SegmentStage;
import org.jspecify.annotations.Nullable;

/**
 * The segments of one queue from their creation to their deletion, see
 * {@link SegmentLifecycle}. For one thread.
 *
 * <p>
 * Mapped memory is used again rather than unmapped because a file that is deleted while
 * mapped keeps its disk space until some garbage collection. A crash leaves the files as
 * they are; the collector drains and deletes them.
 */
final class SegmentFiles {

	private final SegmentSequence sequence;

	/**
	 * What identifies the file of a region, whatever its name; not where that changes.
	 */
	private final IdentityHashMap<Region, Object> keys = new IdentityHashMap<>();

	SegmentFiles(SegmentSequence sequence) {
		this.sequence = sequence;
	}

	Segment create(int index, int size) throws IOException {
		Region region = SegmentLifecycle.create(this.sequence, index, size);
		Segment segment = Segment.format(region, this.sequence, index);
		SegmentLifecycle.publish(this.sequence, index);
		Object key = key(this.sequence.segmentFile(index));
		if (key != null && key.equals(key(this.sequence.segmentFile(index)))) {
			this.keys.put(region, key);
		}
		return segment;
	}

	private static @Nullable Object key(Path path) {
		try {
			return StoreFiles.attributes(path).fileKey();
		}
		catch (IOException ex) {
			return null;
		}
	}

	/** Makes a segment of the memory and the file of an acknowledged one. */
	Segment reuse(Segment acknowledged, int index) throws IOException {
		Segment segment = Segment.format(acknowledged.region(), this.sequence, index);
		SegmentLifecycle.republish(this.sequence, acknowledged.index(), index);
		return segment;
	}

	/** Whether readers find the segment, and nothing else in its place. */
	boolean isPublished(Segment segment) {
		return isFileOf(segment, this.sequence.segmentFile(segment.index()));
	}

	/** Whether the collector has left the file of an acknowledged segment. */
	boolean isReusable(Segment acknowledged) {
		return isFileOf(acknowledged, this.sequence.file(acknowledged.index(), SegmentStage.FREE));
	}

	private boolean isFileOf(Segment segment, Path path) {
		Object key = this.keys.get(segment.region());
		return (key != null) ? key.equals(key(path)) : StoreFiles.isFile(path);
	}

	/** Deletes a segment that no reader has looked into. */
	void deletePublished(Segment segment) throws IOException {
		this.keys.remove(segment.region());
		delete(this.sequence.segmentFile(segment.index()));
	}

	void deleteAcknowledged(Segment segment) throws IOException {
		this.keys.remove(segment.region());
		delete(this.sequence.file(segment.index(), SegmentStage.FREE));
	}

	private static void delete(Path path) throws IOException {
		StoreFiles.putAsideIfNoFile(path);
		StoreFiles.deleteIfExists(path);
	}

}
