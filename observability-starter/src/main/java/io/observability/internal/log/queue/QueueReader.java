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

import java.io.Closeable;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.OptionalInt;

import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.memory.UntrustedFileException;
import io.observability.internal.segment.CorruptSegmentException;
import io.observability.internal.segment.ListedSegment;
import io.observability.internal.segment.RecordFrame;
import io.observability.internal.segment.SegmentSequence;
import io.observability.internal.segment.SegmentSource;
import io.observability.internal.segment.UnknownVersionException;
import org.jspecify.annotations.Nullable;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

/**
 * Reads the records of one sequence in order. One thread at a time.
 *
 * <p>
 * Protocol. The files belong to another process, so they are not mapped but read: a page
 * that is cut off meanwhile would kill the reader. A chunk is read twice. The first
 * reading shows how far records are published, by words that are read whole. Because a
 * read copies bytes in no particular order, the records are then read again, behind a
 * fence, and only these bytes are used.
 *
 * <p>
 * At a claimed record the reader waits while the writer is alive, so that the writer's
 * order is kept, and skips it if the writer is dead. The caller finds out that the writer
 * is dead before it reads, so that all records which the writer has published are read.
 * The rest of a damaged segment is skipped; the next segment is read.
 */
public final class QueueReader implements Closeable {

	private static final int CHUNK = 128 << 10;

	private final SegmentSequence sequence;

	private final long end;

	private final ReadBuffer buffer = new ReadBuffer(CHUNK);

	/** What was read last. */
	private ByteBuffer bytes = ByteBuffer.allocate(0);

	/** Records that have been read and not been taken: start and end within the bytes. */
	private int next;

	private int readable;

	private int index;

	/** Offset in the segment of the first of the bytes. */
	private int bufferOffset;

	private @Nullable SegmentSource segment;

	private @Nullable FileChannel channel;

	private @Nullable Position marked;

	private boolean dead;

	private boolean exhausted;

	/** The segment has another version: wait for a collector that knows it. */
	private boolean unsupported;

	/** Creates a reader of all that is appended to a sequence. */
	public QueueReader(SegmentSequence sequence, Position start) {
		this(sequence, start, Long.MAX_VALUE);
	}

	/** Creates a reader of what has been read before, up to a position. */
	public QueueReader(SegmentSequence sequence, Position start, Position end) {
		this(sequence, start, key(end.index(), end.offset()));
	}

	private QueueReader(SegmentSequence sequence, Position start, long end) {
		this.sequence = sequence;
		this.index = start.index();
		this.bufferOffset = start.offset();
		this.end = end;
	}

	private static long key(int index, int offset) {
		return ((long) index << Integer.SIZE) | offset;
	}

	/** Returns the position before which all records have been taken or are empty. */
	public Position position() {
		return new Position(this.index, this.bufferOffset + this.next);
	}

	/** Must be called before reading, once the writer is known to be dead. */
	public void writerIsDead() {
		this.dead = true;
	}

	/** Returns whether the sequence ends here: no record will ever follow. */
	public boolean isExhausted() {
		return this.exhausted;
	}

	/** Moves to the next record that has text; false if there is none now. */
	public boolean hasRecord() throws IOException {
		while (!this.exhausted && key(this.index, this.bufferOffset + this.next) < this.end) {
			if (this.next == this.readable) {
				if (!read()) {
					return false;
				}
			}
			else if (holdsText()) {
				return true;
			}
			else {
				this.next += LogRecordLayout.stride(word());
			}
		}
		return false;
	}

	private int word() {
		return this.bytes.getInt(LogRecordLayout.wordOffset(this.next));
	}

	/** A record that a dead writer has not published still has a negative word. */
	private boolean holdsText() {
		int tags = this.bytes.getInt(LogRecordLayout.tagsOffset(this.next));
		return word() > 0 && LogRecordLayout.kind(tags) == LogRecordLayout.KIND_TEXT;
	}

	public long time() {
		return this.bytes.getLong(LogRecordLayout.timeOffset(this.next));
	}

	public int textLength() {
		return LogRecordLayout.payloadLength(word());
	}

	/** Appends the record's text to the target, and moves to the next record. */
	public void take(ByteBuffer target) {
		int length = textLength();
		target.put(target.position(), this.bytes, LogRecordLayout.payloadOffset(this.next), length);
		target.position(target.position() + length);
		skip();
	}

	/** Moves to the next record. */
	public void skip() {
		this.next += LogRecordLayout.stride(word());
	}

	/** Returns whether it is worth looking again. */
	private boolean read() throws IOException {
		this.bufferOffset += this.next;
		this.next = 0;
		this.readable = 0;
		int index = this.index;
		if (!openSegment()) {
			return this.index != index;
		}
		int available = fill(this.buffer.capacity());
		int extent = extent(available);
		if (extent > 0) {
			VarHandle.acquireFence();
			if (fill(extent) < extent) {
				return giveUpSegment();
			}
			this.readable = extent;
			return true;
		}
		return (available < RecordFrame.WORD_LENGTH) ? giveUpSegment()
				: handle(this.bytes.getInt(LogRecordLayout.wordOffset(0)), available);
	}

	/** Returns the length of the complete records that the buffer starts with. */
	private int extent(int available) {
		int extent = 0;
		while (extent + RecordFrame.WORD_LENGTH <= available) {
			int word = this.bytes.getInt(LogRecordLayout.wordOffset(extent));
			if (!isRecord(word)) {
				break;
			}
			int behind = extent + LogRecordLayout.stride(word);
			if (behind > available) {
				break;
			}
			extent = behind;
		}
		return extent;
	}

	private boolean isRecord(int word) {
		return LogRecordLayout.isPublished(word) || (this.dead && LogRecordLayout.isClaimed(word));
	}

	/** Handles a word that no complete record follows in the buffer. */
	private boolean handle(int word, int available) throws IOException {
		if (isRecord(word)) {
			if (available < this.buffer.capacity()) {
				return giveUpSegment();
			}
			this.buffer.resize(LogRecordLayout.stride(word));
			return true;
		}
		if (word == LogRecordLayout.CONTINUED) {
			goTo(this.index + 1);
			return true;
		}
		if (LogRecordLayout.isClaimed(word)) {
			return false;
		}
		if (LogRecordLayout.isFree(word)) {
			this.exhausted = this.dead;
			return false;
		}
		if (word == LogRecordLayout.CLOSED) {
			this.exhausted = true;
			return false;
		}
		return giveUpSegment();
	}

	private int fill(int length) throws IOException {
		this.bytes = Objects.requireNonNull(this.segment).read(this.bufferOffset, length);
		return this.bytes.limit();
	}

	private boolean openSegment() throws IOException {
		if (this.segment != null) {
			return !this.unsupported;
		}
		try {
			this.channel = open(this.sequence.segmentFile(this.index));
			this.segment = SegmentSource.of(this.channel, this.buffer);
		}
		catch (NoSuchFileException | UntrustedFileException ex) {
			giveUpSegment();
			return false;
		}
		catch (AccessDeniedException ex) {
			return false;
		}
		return checkHeader(this.segment);
	}

	/** For writing too, if that is allowed. */
	private static FileChannel open(Path file) throws IOException {
		try {
			return FileChannel.open(file, READ, WRITE);
		}
		catch (AccessDeniedException ex) {
			return FileChannel.open(file, READ);
		}
	}

	/** Notes in the queue that all records before the position are in the log. */
	public void markCollected() {
		Position position = position();
		if (position.equals(this.marked)) {
			return;
		}
		this.marked = position;
		try {
			FileChannel channel = this.channel;
			if (this.segment != null && channel != null) {
				CollectedMark.write(channel, position.offset());
			}
			else {
				CollectedMark.write(this.sequence, position);
			}
		}
		catch (IOException | NonWritableChannelException ex) {
			// The checkpoint says it, too.
		}
	}

	private boolean checkHeader(SegmentSource segment) throws IOException {
		try {
			LogSegmentLayout.FORMAT.check(segment.read(0, LogSegmentLayout.HEADER_SIZE));
			return true;
		}
		catch (UnknownVersionException ex) {
			this.unsupported = true;
		}
		catch (CorruptSegmentException ex) {
			giveUpSegment();
		}
		return false;
	}

	/** Moves to the next segment; false if there is none now. */
	private boolean giveUpSegment() throws IOException {
		OptionalInt behind = this.sequence.files()
			.stream()
			.filter(ListedSegment::isReadable)
			.mapToInt(ListedSegment::index)
			.filter((index) -> index > this.index)
			.min();
		if (behind.isPresent()) {
			goTo(behind.getAsInt());
			return true;
		}
		this.exhausted = this.dead;
		return false;
	}

	private void goTo(int index) {
		close();
		this.buffer.resize(CHUNK);
		this.index = index;
		this.bufferOffset = LogSegmentLayout.HEADER_SIZE;
		this.next = 0;
		this.readable = 0;
	}

	@Override
	public void close() {
		SegmentSource segment = this.segment;
		this.segment = null;
		this.channel = null;
		if (segment != null) {
			try {
				segment.close();
			}
			catch (IOException ex) {
				// It was open for reading only: nothing is lost.
			}
		}
	}

}
