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
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.OptionalInt;

import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.memory.UntrustedFileException;
import io.observability.internal.segment.CorruptSegmentException;
import io.observability.internal.segment.RecordFrame;
import io.observability.internal.segment.SegmentSequence;
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

	private final SegmentSequence sequence;

	private final long end;

	private final ReadBuffer buffer;

	private final SegmentDamage damage;

	private final RecordsInMemory records;

	/** How much of the next record's text has been taken. */
	private int taken;

	private int index;

	/** Offset in the segment of the first record that was read. */
	private int offset;

	private final LookAhead lookAhead;

	private @Nullable OpenSegment segment;

	private @Nullable Position marked;

	private boolean dead;

	private boolean exhausted;

	/** Waits for a collector that can read the segment. */
	private boolean blocked;

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
		this.records = new RecordsInMemory(LookAhead.FIRST_LOOK, buffer.capacity());
		this.lookAhead = new LookAhead(buffer.capacity());
		this.damage = new SegmentDamage(unreadable);
	}

	private static long key(int index, int offset) {
		return ((long) index << Integer.SIZE) | offset;
	}

	/** Returns the position before which all records have been taken or are empty. */
	public Position position() {
		return new Position(this.index, this.offset + this.records.next());
	}

	/** Sets whether the writer is known to be dead; before reading. */
	public void setWriterDead(boolean dead) {
		this.dead = dead;
		this.exhausted &= dead;
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
		while (!this.exhausted && key(this.index, this.offset + this.records.next()) < this.end) {
			if (this.records.areTaken()) {
				if (!read()) {
					this.records.release();
					return false;
				}
			}
			else if (this.records.holdsText()) {
				return true;
			}
			else {
				skip();
			}
		}
		return false;
	}

	/**
	 * Returns whether it is worth reading. Looks at one word of the file, and for good
	 * reasons to wait (a missing file, one of another version) at none: the caller reads
	 * now and then all the same.
	 * @return false if there is certainly no record now that could be read
	 * @throws IOException if the file can't be read
	 */
	public boolean mayHaveRecord() throws IOException {
		if (!this.records.areTaken()) {
			return true;
		}
		OpenSegment segment = this.segment;
		if (this.exhausted || this.blocked || this.damage.isFound() || segment == null) {
			return false;
		}
		ByteBuffer found = segment.read(this.offset + this.records.next(), RecordFrame.WORD_LENGTH);
		if (found.limit() < RecordFrame.WORD_LENGTH) {
			return true;
		}
		int word = found.getInt(0);
		return !LogRecordLayout.isFree(word) && !LogRecordLayout.isClaimed(word);
	}

	/** Returns whether there are records that were read and not taken. */
	public boolean holdsBack() {
		return !this.records.areTaken();
	}

	public long time() {
		return this.records.time();
	}

	public int textLength() {
		return this.records.textLength();
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
		if (!this.records.copyText(this.taken, length, target)
				&& !takeFromFile(target, this.records.textOffset() + this.taken, length)) {
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
		try {
			if (this.segment != null) {
				this.segment.copy(this.offset + start, length, target);
			}
			return this.segment != null;
		}
		catch (CorruptSegmentException ex) {
			this.damage.onDamaged(this.sequence.segmentFile(this.index), ex);
			return false;
		}
	}

	/** Moves to the next record. */
	public void skip() {
		this.records.skip();
		this.taken = 0;
	}

	/** Returns whether it is worth looking again. */
	private boolean read() throws IOException {
		this.offset += this.records.next();
		this.records.clear();
		int index = this.index;
		if (this.damage.isFound()) {
			return giveUpSegment();
		}
		try {
			OpenSegment segment = openSegment();
			return (segment != null) ? read(segment) : this.index != index;
		}
		catch (UnknownVersionException | AccessDeniedException ex) {
			this.blocked = true;
			this.damage.report(this.sequence.segmentFile(this.index), ex);
			return false;
		}
		catch (CorruptSegmentException | UntrustedFileException ex) {
			this.damage.onDamaged(this.sequence.segmentFile(this.index), ex);
			return giveUpSegment();
		}
	}

	private boolean read(OpenSegment segment) throws IOException {
		if (this.offset < LogSegmentLayout.HEADER_SIZE) {
			throw new CorruptSegmentException("position before the first record: offset=" + this.offset);
		}
		int length = this.lookAhead.length();
		ByteBuffer found = segment.read(this.offset, length);
		int available = found.limit();
		if (available < RecordFrame.WORD_LENGTH) {
			throw new CorruptSegmentException("segment was cut off: offset=" + this.offset);
		}
		int word = found.getInt(LogRecordLayout.wordOffset(0));
		int extent = this.lookAhead.extent(found, this.dead);
		if (extent > 0) {
			VarHandle.acquireFence();
			this.records.keep(segment.readAll(this.offset, extent), extent);
			return true;
		}
		if (!LookAhead.isRecord(word, this.dead)) {
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

	/** Of a record that is larger than the buffer. */
	private void keepHeader(OpenSegment segment, int word) throws IOException {
		int stride = LogRecordLayout.stride(word);
		if (segment.length() - this.offset < stride) {
			throw new CorruptSegmentException("record exceeds its segment: offset=" + this.offset + ", word=" + word);
		}
		this.records.keep(segment.readAll(this.offset, LogRecordLayout.payloadOffset(0)), stride);
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
		if (LogRecordLayout.isFree(word) || word == LogRecordLayout.CLOSED) {
			this.exhausted = this.dead || word == LogRecordLayout.CLOSED;
			return false;
		}
		throw new CorruptSegmentException("record is damaged: offset=" + this.offset + ", word=" + word);
	}

	/** Returns the open segment, or null if there is none now. */
	private @Nullable OpenSegment openSegment() throws IOException {
		if (this.segment != null) {
			return this.blocked ? null : this.segment;
		}
		try {
			this.segment = OpenSegment.of(this.sequence.segmentFile(this.index), this.buffer);
		}
		catch (NoSuchFileException ex) {
			giveUpSegment();
			return null;
		}
		this.blocked = false;
		this.segment.checkHeader();
		return this.segment;
	}

	/** Notes in the queue that all records before the position are in the log. */
	public void markCollected() {
		Position position = position();
		if (position.equals(this.marked)) {
			return;
		}
		this.marked = position;
		try {
			OpenSegment segment = this.segment;
			if (segment == null) {
				CollectedMark.write(this.sequence, position, this.buffer);
			}
			else if (!this.blocked && !this.damage.isFound()) {
				segment.markCollected(position.offset());
			}
		}
		catch (IOException ex) {
			// The checkpoint says it, too.
		}
	}

	/** Moves to the next segment; false if there is none now. */
	private boolean giveUpSegment() throws IOException {
		OptionalInt behind = this.sequence.firstReadableBehind(this.index);
		if (behind.isPresent()) {
			goTo(behind.getAsInt());
			return true;
		}
		if (this.dead) {
			this.damage.onLeft(this.sequence.segmentFile(this.index), this.segment, this.index, this.offset);
			this.exhausted = true;
		}
		return false;
	}

	private void goTo(int index) {
		this.damage.onLeft(this.sequence.segmentFile(this.index), this.segment, this.index, this.offset);
		close();
		this.index = index;
		this.offset = LogSegmentLayout.HEADER_SIZE;
		this.records.clear();
		this.blocked = false;
		this.damage.clear();
	}

	@Override
	public void close() {
		OpenSegment segment = this.segment;
		this.segment = null;
		if (segment != null) {
			segment.close();
		}
	}

}
