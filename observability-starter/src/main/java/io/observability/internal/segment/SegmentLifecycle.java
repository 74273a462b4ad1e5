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

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

import io.observability.internal.memory.Region;
import io.observability.internal.memory.StoreFiles;
import io.observability.internal.memory.StoreFolders;

/**
 * Takes the file of a segment through the stages of its life, for sequences whose
 * segments are used again.
 *
 * <p>
 * Protocol. The writer creates and fills a temporary file and then makes it readable. A
 * reader that needs nothing in it any more frees it: this is the acknowledgement, and the
 * only step that another process than the writer takes. The writer may then fill the same
 * memory anew and make it readable under a later index. Each step but the first is one
 * atomic renaming, so a crash leaves every file at one of the stages, and readers find no
 * segment without a header.
 */
public final class SegmentLifecycle {

	private SegmentLifecycle() {
	}

	/** Creates the temporary file of a segment, all zeros. */
	public static Region create(SegmentSequence sequence, int index, int size) throws IOException {
		StoreFolders.createDirectories(sequence.slot().directory());
		Path temporary = sequence.file(index, SegmentStage.TEMPORARY);
		StoreFiles.putAsideIfNoFile(temporary);
		StoreFiles.deleteIfExists(temporary);
		return Region.create(temporary, size);
	}

	/** Makes a temporary file readable. */
	public static void publish(SegmentSequence sequence, int index) throws IOException {
		move(sequence.file(index, SegmentStage.TEMPORARY), sequence.segmentFile(index));
	}

	/** Frees a readable file; a deleted one needs no freeing. */
	public static void free(SegmentSequence sequence, int index) throws IOException {
		try {
			move(sequence.segmentFile(index), sequence.file(index, SegmentStage.FREE));
		}
		catch (NoSuchFileException ex) {
			// Another program has deleted it: its writer sees that as freed, too.
		}
	}

	/** Makes a free file readable under another index. */
	public static void republish(SegmentSequence sequence, int freeIndex, int index) throws IOException {
		move(sequence.file(freeIndex, SegmentStage.FREE), sequence.segmentFile(index));
	}

	/** Deletes all files of a sequence that ended or was given up. */
	public static void delete(SegmentSequence sequence) throws IOException {
		List<ListedSegment> segments = sequence.files()
			.stream()
			.sorted(Comparator.comparing(ListedSegment::isReadable).thenComparingInt(ListedSegment::index))
			.toList();
		for (ListedSegment segment : segments) {
			StoreFiles.putAsideIfNoFile(segment.path());
			StoreFiles.deleteIfExists(segment.path());
		}
	}

	/** Puts aside what is in the place of the target, unless it is a file. */
	private static void move(Path from, Path to) throws IOException {
		try {
			StoreFiles.move(from, to);
		}
		catch (NoSuchFileException ex) {
			throw ex;
		}
		catch (FileSystemException ex) {
			if (StoreFiles.putAsideIfNoFile(to) == null) {
				throw ex;
			}
			StoreFiles.move(from, to);
		}
	}

}
