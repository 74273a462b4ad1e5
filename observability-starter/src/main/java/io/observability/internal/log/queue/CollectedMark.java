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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Comparator;
import java.util.List;

import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.memory.StoreFiles;
import io.observability.internal.memory.UntrustedFileException;
import io.observability.internal.segment.ListedSegment;
import io.observability.internal.segment.SegmentSequence;
import io.observability.internal.segment.SegmentSource;
import org.jspecify.annotations.Nullable;

/**
 * Up to where the records of a queue are in the log, as its segments say.
 *
 * <p>
 * Protocol. The checkpoint says that exactly, also after a crash. This mark is for when
 * files of the store are deleted under running processes: it lies in the segment, whose
 * memory the writer has even without a file. The collector writes it after each batch
 * into the segment that it reads. A crash between a batch and its marks matters only if
 * the checkpoint is lost as well: the batch is then in the log twice.
 */
public final class CollectedMark {

	private CollectedMark() {
	}

	static void write(FileChannel segment, int offset) throws IOException {
		ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(0, offset);
		segment.write(bytes, LogSegmentLayout.COLLECTED_OFFSET);
	}

	/**
	 * Writes the mark of a segment that is not open.
	 * @param sequence the queue
	 * @param position before which all records have been passed on
	 * @param buffer through which the segment is checked
	 * @throws IOException if it can't be written
	 */
	public static void write(SegmentSequence sequence, Position position, ReadBuffer buffer) throws IOException {
		try (FileChannel segment = StoreFiles.openForWriting(sequence.segmentFile(position.index()))) {
			LogSegmentLayout.FORMAT.check(buffer.read(segment, 0, LogSegmentLayout.HEADER_SIZE));
			write(segment, position.offset());
		}
	}

	/**
	 * Finds the newest mark.
	 * @param sequence the queue
	 * @param segments its files
	 * @param buffer through which they are read
	 * @return the position, or null if no segment has a mark
	 * @throws IOException if no file can be opened now
	 */
	public static @Nullable Position find(SegmentSequence sequence, List<ListedSegment> segments, ReadBuffer buffer)
			throws IOException {
		List<Integer> newestFirst = segments.stream()
			.filter(ListedSegment::isReadable)
			.map(ListedSegment::index)
			.sorted(Comparator.reverseOrder())
			.toList();
		for (int index : newestFirst) {
			int offset = read(sequence, index, buffer);
			if (offset >= LogSegmentLayout.HEADER_SIZE) {
				return new Position(index, offset);
			}
		}
		return null;
	}

	/** A segment that can't be read has no mark; its reader reports it. */
	private static int read(SegmentSequence sequence, int index, ReadBuffer buffer) throws IOException {
		try (SegmentSource source = SegmentSource.of(sequence.segmentFile(index), buffer)) {
			return read(source);
		}
		catch (NoSuchFileException | AccessDeniedException | UntrustedFileException ex) {
			return 0;
		}
	}

	private static int read(SegmentSource source) throws ClosedChannelException {
		try {
			ByteBuffer header = source.read(0, LogSegmentLayout.HEADER_SIZE);
			LogSegmentLayout.FORMAT.check(header);
			return header.getInt(LogSegmentLayout.COLLECTED_OFFSET);
		}
		catch (ClosedChannelException ex) {
			throw ex;
		}
		catch (IOException ex) {
			return 0;
		}
	}

}
