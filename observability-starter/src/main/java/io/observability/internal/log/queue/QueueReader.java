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
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalInt;

import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.memory.StoreFiles;
import io.observability.internal.memory.UntrustedFileException;
import io.observability.internal.segment.CorruptSegmentException;
import io.observability.internal.segment.ListedSegment;
import io.observability.internal.segment.RecordFrame;
import io.observability.internal.segment.SegmentSequence;
import io.observability.internal.segment.SegmentSource;
import io.observability.internal.segment.UnknownVersionException;
import org.jspecify.annotations.Nullable;

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
 * Files are read through a buffer that the readers of one thread share. Records are then
 * copied to the heap, so that reading another sequence does not overwrite them. A reader
 * that finds nothing keeps no memory. Of a record that is larger than the buffer only the
 * header is copied, and its text is read while it is taken.
 *
 * <p>
 * At a claimed record the reader waits while the writer is alive, so that the writer's
 * order is kept, and skips it if the writer is dead. The caller finds out that the writer
 * is dead before it reads, so that all records which the writer has published are read.
 * The rest of a damaged segment is skipped and reported; the next segment is read. A
 * segment of another version, or one that may not be opened, is reported and waited for.
 */
public final class QueueReader implements Closeable {

	/** Size of a buffer with which a reader reads at full speed. */
	public static final int BUFFER_SIZE = 128 << 10;

	/** How much is read where little or nothing is expected. */
	private static final int FIRST_LOOK = 4 << 10;

	private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

	private final SegmentSequence sequence;

	private final long end;

	private final ReadBuffer buffer;

	private final UnreadableFiles unreadable;

	/** The records that were read last. */
	private ByteBuffer bytes = NOTHING;

	/** Records that have been read and not been taken: start and end. */
	private int next;

	private int readable;

	/** How much of the next record's text has been taken. */
	private int taken;

	private int index;

	/** Offset in the segment of the first record that was read. */
	private int offset;

	/** How much to read next. */
	private int lookLength = FIRST_LOOK;

	private @Nullable SegmentSource segment;

	/** The segment's file, if it may be written. */
	private @Nullable FileChannel writable;

	private @Nullable Position marked;

	private boolean dead;

	private boolean exhausted;

	/** Waits for a collector that can read the segment. */
	private boolean blocked;

	/** The segment can't be read any further. */
	private boolean damaged;

	private boolean reported;

	/**
	 * Creates a reader of all that is appended to a sequence.
	 * @param sequence the sequence
	 * @param start where to begin
	 * @param buffer through which files are read
	 * @param unreadable receives what can't be read
	 */
	public QueueReader(SegmentSequence sequence, Position start, ReadBuffer buffer, UnreadableFiles unreadable) {
		this(sequence, start, Long.MAX_VALUE, buffer, unreadable);
	}

	/**
	 * Creates a reader of what has been read before.
	 * @param sequence the sequence
	 * @param start where to begin
	 * @param end where to end
	 * @param buffer through which files are read
	 */
	public QueueReader(SegmentSequence sequence, Position start, Position end, ReadBuffer buffer) {
		this(sequence, start, key(end.index(), end.offset()), buffer, UnreadableFiles.IGNORED);
	}

	private QueueReader(SegmentSequence sequence, Position start, long end, ReadBuffer buffer,
			UnreadableFiles unreadable) {
		this.sequence = sequence;
		this.index = start.index();
		this.offset = start.offset();
		this.end = end;
		this.buffer = buffer;
		this.unreadable = unreadable;
	}

	private static long key(int index, int offset) {
		return ((long) index << Integer.SIZE) | offset;
	}

	/** Returns the position before which all records have been taken or are empty. */
	public Position position() {
		return new Position(this.index, this.offset + this.next);
	}

	/** Must be called before reading, once the writer is known to be dead. */
	public void writerIsDead() {
		this.dead = true;
	}

	/** Returns whether the sequence ends here: no record will ever follow. */
	public boolean isExhausted() {
		return this.exhausted;
	}

	/** Returns whether what follows can be read only by another process. */
	public boolean isBlocked() {
		return this.blocked;
	}

	/** Moves to the next record that has text; false if there is none now. */
	public boolean hasRecord() throws IOException {
		while (!this.exhausted && key(this.index, this.offset + this.next) < this.end) {
			if (this.next == this.readable) {
				if (!read()) {
					this.bytes = (this.bytes.capacity() > FIRST_LOOK) ? NOTHING : this.bytes;
					return false;
				}
			}
			else if (holdsText()) {
				return true;
			}
			else {
				skip();
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

	/**
	 * Appends the record's text to the target, as far as the target has room for it. Once
	 * all of it has been taken, this moves to the next record.
	 * @param target where the text goes
	 * @return whether all of it has been taken
	 * @throws IOException if the reader is closed meanwhile
	 */
	public boolean take(ByteBuffer target) throws IOException {
		int length = Math.min(textLength() - this.taken, target.remaining());
		int start = LogRecordLayout.payloadOffset(this.next) + this.taken;
		if (start + length <= this.bytes.limit()) {
			target.put(target.position(), this.bytes, start, length);
			target.position(target.position() + length);
		}
		else if (!takeFromFile(target, start, length)) {
			skip();
			return true;
		}
		this.taken += length;
		if (this.taken < textLength()) {
			return false;
		}
		skip();
		return true;
	}

	/** Returns whether the file has all these bytes. */
	private boolean takeFromFile(ByteBuffer target, int start, int length) throws IOException {
		SegmentSource segment = this.segment;
		try {
			int left = length;
			while (segment != null && left > 0) {
				ByteBuffer part = fill(segment, this.offset + start + length - left, left);
				if (!part.hasRemaining()) {
					throw new CorruptSegmentException("segment was cut off: offset=" + this.offset);
				}
				left -= part.remaining();
				target.put(part);
			}
			return left == 0;
		}
		catch (CorruptSegmentException ex) {
			this.damaged = true;
			report(ex);
			return false;
		}
	}

	/** Moves to the next record. */
	public void skip() {
		this.next += LogRecordLayout.stride(word());
		this.taken = 0;
	}

	/** Returns whether it is worth looking again. */
	private boolean read() throws IOException {
		this.offset += this.next;
		this.next = 0;
		this.readable = 0;
		int index = this.index;
		if (this.damaged) {
			return giveUpSegment();
		}
		try {
			SegmentSource segment = openSegment();
			return (segment != null) ? read(segment) : this.index != index;
		}
		catch (UnknownVersionException | AccessDeniedException ex) {
			this.blocked = true;
			report(ex);
			return false;
		}
		catch (CorruptSegmentException | UntrustedFileException ex) {
			this.damaged = true;
			report(ex);
			return giveUpSegment();
		}
	}

	private boolean read(SegmentSource segment) throws IOException {
		if (this.offset < LogSegmentLayout.HEADER_SIZE) {
			throw new CorruptSegmentException("position before the first record: offset=" + this.offset);
		}
		int length = Math.min(this.lookLength, this.buffer.capacity());
		ByteBuffer found = fill(segment, this.offset, length);
		int available = found.limit();
		if (available < RecordFrame.WORD_LENGTH) {
			throw new CorruptSegmentException("segment was cut off: offset=" + this.offset);
		}
		int word = found.getInt(LogRecordLayout.wordOffset(0));
		int extent = extent(found);
		if (extent > 0) {
			VarHandle.acquireFence();
			keep(segment, extent);
			this.readable = extent;
			return true;
		}
		if (!isRecord(word)) {
			return handle(word);
		}
		if (available < length) {
			throw new CorruptSegmentException("record exceeds its segment: offset=" + this.offset + ", word=" + word);
		}
		if (available == this.buffer.capacity()) {
			VarHandle.acquireFence();
			keepHeader(segment, word);
		}
		return true;
	}

	/**
	 * Returns the length of the complete records that the bytes start with, and decides
	 * how much to read next.
	 */
	private int extent(ByteBuffer found) {
		int extent = 0;
		this.lookLength = this.buffer.capacity();
		while (extent + RecordFrame.WORD_LENGTH <= found.limit()) {
			int word = found.getInt(LogRecordLayout.wordOffset(extent));
			if (!isRecord(word)) {
				this.lookLength = FIRST_LOOK;
				break;
			}
			int behind = extent + LogRecordLayout.stride(word);
			if (behind > found.limit()) {
				break;
			}
			extent = behind;
		}
		return extent;
	}

	private boolean isRecord(int word) {
		return LogRecordLayout.isPublished(word) || (this.dead && LogRecordLayout.isClaimed(word));
	}

	private void keep(SegmentSource segment, int length) throws IOException {
		ByteBuffer read = fill(segment, this.offset, length);
		if (read.limit() < length) {
			throw new CorruptSegmentException("segment was cut off: offset=" + this.offset);
		}
		if (this.bytes.capacity() < length) {
			int capacity = (length <= FIRST_LOOK) ? FIRST_LOOK : this.buffer.capacity();
			this.bytes = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
		}
		this.bytes.clear().put(read).flip();
	}

	/** Of a record that is larger than the buffer. */
	private void keepHeader(SegmentSource segment, int word) throws IOException {
		int stride = LogRecordLayout.stride(word);
		if (segment.length() - this.offset < stride) {
			throw new CorruptSegmentException("record exceeds its segment: offset=" + this.offset + ", word=" + word);
		}
		keep(segment, LogRecordLayout.payloadOffset(0));
		this.readable = stride;
	}

	/** Handles a word that no record follows. */
	private boolean handle(int word) throws CorruptSegmentException {
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
		throw new CorruptSegmentException("record is damaged: offset=" + this.offset + ", word=" + word);
	}

	/**
	 * Reads bytes. A failure is the file's, unless this reader's channel was closed: what
	 * the process lacks, it lacks when it opens files.
	 */
	private ByteBuffer fill(SegmentSource segment, int offset, int length) throws IOException {
		try {
			return segment.read(offset, length);
		}
		catch (ClosedChannelException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw new CorruptSegmentException("segment can't be read: offset=" + offset + ", cause=" + ex);
		}
	}

	/** Returns the open segment, or null if there is none now. */
	private @Nullable SegmentSource openSegment() throws IOException {
		if (this.segment != null) {
			return this.blocked ? null : this.segment;
		}
		try {
			this.segment = SegmentSource.of(openFile(), this.buffer);
		}
		catch (NoSuchFileException ex) {
			giveUpSegment();
			return null;
		}
		this.blocked = false;
		LogSegmentLayout.FORMAT.check(fill(this.segment, 0, LogSegmentLayout.HEADER_SIZE));
		return this.segment;
	}

	/** A file that has further names is read, but not written. */
	private FileChannel openFile() throws IOException {
		try {
			FileChannel channel = StoreFiles.openForWriting(file());
			this.writable = channel;
			return channel;
		}
		catch (UntrustedFileException ex) {
			return StoreFiles.openForReading(file());
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
			FileChannel channel = this.writable;
			if (this.segment == null) {
				CollectedMark.write(this.sequence, position, this.buffer);
			}
			else if (channel != null && !this.blocked && !this.damaged) {
				CollectedMark.write(channel, position.offset());
			}
		}
		catch (IOException ex) {
			// The checkpoint says it, too.
		}
	}

	private Path file() {
		return this.sequence.segmentFile(this.index);
	}

	private void report(IOException cause) {
		if (!this.reported) {
			this.reported = true;
			this.unreadable.onUnreadable(file(), cause);
		}
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
		if (this.dead) {
			reportSkipped();
			this.exhausted = true;
		}
		return false;
	}

	private void reportSkipped() {
		SegmentSource segment = this.segment;
		if (this.damaged) {
			this.unreadable.onSkipped(file(), (segment != null) ? unread(segment) : 0);
		}
	}

	/** Returns the distance to the last word that is not free. */
	private long unread(SegmentSource segment) {
		long unread = 0;
		int freeWord = LogRecordLayout.freeWord(this.index);
		try {
			int at = this.offset;
			ByteBuffer bytes = segment.read(at, this.buffer.capacity());
			while (bytes.limit() >= RecordFrame.ALIGNMENT) {
				for (int i = 0; i + RecordFrame.ALIGNMENT <= bytes.limit(); i += RecordFrame.ALIGNMENT) {
					if (bytes.getInt(i) != freeWord) {
						unread = (long) at - this.offset + i + RecordFrame.ALIGNMENT;
					}
				}
				at += bytes.limit() & -RecordFrame.ALIGNMENT;
				bytes = segment.read(at, this.buffer.capacity());
			}
		}
		catch (IOException ex) {
			// What was seen until then counts.
		}
		return unread;
	}

	private void goTo(int index) {
		reportSkipped();
		close();
		this.index = index;
		this.offset = LogSegmentLayout.HEADER_SIZE;
		this.next = 0;
		this.readable = 0;
		this.blocked = false;
		this.damaged = false;
		this.reported = false;
	}

	@Override
	public void close() {
		SegmentSource segment = this.segment;
		this.segment = null;
		this.writable = null;
		if (segment != null) {
			try {
				segment.close();
			}
			catch (IOException ex) {
				// What was written is only a mark: nothing is lost.
			}
		}
	}

}
