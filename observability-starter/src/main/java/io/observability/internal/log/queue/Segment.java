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

import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import io.observability.internal.memory.Region;
import io.observability.internal.segment.RecordFrame;
import io.observability.internal.segment.SegmentSequence;

/**
 * A segment as its writers see it: mapped memory to which any number of threads append.
 *
 * <p>
 * Protocol. All free space holds the segment's free word. A writer claims a record by
 * swapping that word, at the place where the last record ends, for minus the length of
 * its own; the loser of a race reads the winner's length and tries behind it. Then it
 * copies the event and publishes it by writing the length as a positive number, last and
 * with release. A mark that ends the segment is put in the same way, so that nothing can
 * be claimed behind it. Records therefore lie without gaps in the order of their claims,
 * and claiming takes neither lock nor system call.
 *
 * <p>
 * A crash after the claim leaves a record of known length that never becomes readable:
 * readers step over it once its process is dead. A thread that fails to copy its event
 * publishes the record as holding nothing, because its process lives on and readers would
 * wait; see {@link Claim} for one that fails in that, too. The memory is used again under
 * another index once everything in it has been collected. A thread that slept all the
 * while may still hold this object: it finds another index's free word, which it neither
 * expects nor takes for a length, and sees the segment as full.
 */
final class Segment {

	/** What copying returns if all records were copied. */
	static final int COPIED = -1;

	private static final int FILL_BYTES = 8 << 10;

	private final Region region;

	private final int index;

	private final int freeWord;

	/** Behind the last byte that a record may use. */
	private final int limit;

	/**
	 * Where to look for free space first. Only a hint: it is written without
	 * coordination, and an old value costs a few more steps.
	 */
	private int tail = LogSegmentLayout.HEADER_SIZE;

	private volatile boolean broken;

	private Segment(Region region, int index) {
		this.region = region;
		this.index = index;
		this.freeWord = LogRecordLayout.freeWord(index);
		this.limit = region.capacity() - LogRecordLayout.MARK_SIZE;
	}

	/** Makes an empty segment of memory that no reader can find yet. */
	static Segment format(Region region, SegmentSequence sequence, int index) {
		Segment segment = new Segment(region, index);
		segment.fillWithFreeWords();
		region.putInt(LogSegmentLayout.FILE_SIZE_OFFSET, region.capacity());
		region.putInt(LogSegmentLayout.INDEX_OFFSET, index);
		region.putBytes(LogSegmentLayout.INSTANCE_OFFSET,
				sequence.id().instanceId().getBytes(StandardCharsets.US_ASCII));
		region.putInt(LogSegmentLayout.SEQUENCE_OFFSET, sequence.id().number());
		region.putInt(LogSegmentLayout.FREE_WORD_OFFSET, segment.freeWord);
		region.putInt(LogSegmentLayout.COLLECTED_OFFSET, 0);
		LogSegmentLayout.FORMAT.publish(region, LogSegmentLayout.HEADER_SIZE);
		return segment;
	}

	private void fillWithFreeWords() {
		int left = this.region.capacity() - LogSegmentLayout.HEADER_SIZE;
		ByteBuffer words = ByteBuffer.allocate(Math.min(left, FILL_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
		while (words.hasRemaining()) {
			words.putInt(this.freeWord);
		}
		// By blocks: this happens at the start, in code that is still interpreted.
		for (int offset = LogSegmentLayout.HEADER_SIZE; left > 0; offset += words.capacity()) {
			this.region.putBytes(offset, words.array(), 0, Math.min(left, words.capacity()));
			left -= words.capacity();
		}
	}

	/** Size of the smallest segment that can hold one record with such a payload. */
	static int sizeFor(int payloadLength) {
		return LogSegmentLayout.HEADER_SIZE + LogRecordLayout.stride(LogRecordLayout.length(payloadLength))
				+ LogRecordLayout.MARK_SIZE;
	}

	int index() {
		return this.index;
	}

	Region region() {
		return this.region;
	}

	int size() {
		return this.region.capacity();
	}

	/**
	 * Lets no thread touch the segment any more: another program has truncated its file,
	 * and an access would throw an error, possibly late and in code of the application.
	 */
	void giveUp() {
		this.broken = true;
	}

	/** Appends a record; false if the segment has no room for it or has ended. */
	boolean append(Claim claim, Level level, long time, byte[] payload, int payloadLength) {
		int length = LogRecordLayout.length(payloadLength);
		int stride = LogRecordLayout.stride(length);
		int offset = this.tail;
		while (offset + stride <= this.limit && !this.broken) {
			int word = wordOrClaim(offset, -length);
			if (word == this.freeWord) {
				// No call, which might fail, between the claim and these.
				claim.segment = this;
				claim.offset = offset;
				claim.length = length;
				publish(offset, length, level, time, payload);
				claim.segment = null;
				this.tail = offset + stride;
				return true;
			}
			if (!LogRecordLayout.isPublished(Math.abs(word))) {
				return false;
			}
			offset += LogRecordLayout.stride(word);
		}
		return false;
	}

	/**
	 * Returns the word, which was the free word if it has been replaced. Reads first: if
	 * the file was truncated, a read throws an error, but a swap in the interpreter
	 * crashes the JVM. And the read needs as much stack as the swap, so that the swap
	 * does not fail after it has swapped.
	 */
	private int wordOrClaim(int offset, int claim) {
		while (true) {
			int word = this.region.getIntAcquire(LogRecordLayout.wordOffset(offset));
			if (word != this.freeWord
					|| this.region.compareAndSetInt(LogRecordLayout.wordOffset(offset), word, claim)) {
				return word;
			}
		}
	}

	private void publish(int record, int length, Level level, long time, byte[] payload) {
		int kind = LogRecordLayout.KIND_NOTHING;
		try {
			this.region.putLong(LogRecordLayout.timeOffset(record), time);
			this.region.putBytes(LogRecordLayout.payloadOffset(record), payload, 0,
					LogRecordLayout.payloadLength(length));
			kind = LogRecordLayout.KIND_TEXT;
		}
		finally {
			this.region.putInt(LogRecordLayout.tagsOffset(record), LogRecordLayout.tags(LevelCode.of(level), kind));
			RecordFrame.publish(this.region, record, length);
		}
	}

	/** Publishes a claimed record as holding nothing, unless it has been published. */
	void finish(int record, int length) {
		try {
			if (!this.broken && this.region.getIntAcquire(LogRecordLayout.wordOffset(record)) == -length) {
				this.region.putInt(LogRecordLayout.tagsOffset(record),
						LogRecordLayout.tags(LevelCode.of(Level.INFO), LogRecordLayout.KIND_NOTHING));
				RecordFrame.publish(this.region, record, length);
			}
		}
		catch (InternalError ex) {
			giveUp();
		}
	}

	/**
	 * Ends the segment with a mark, unless it has one. If the file was cut off, readers
	 * go on with the next segment anyway.
	 */
	public void end(int mark) {
		try {
			putMark(mark);
		}
		catch (InternalError ex) {
			giveUp();
		}
	}

	private void putMark(int mark) {
		int offset = this.tail;
		while (!this.broken) {
			int word = wordOrClaim(offset, mark);
			if (!LogRecordLayout.isPublished(Math.abs(word))) {
				return;
			}
			offset += LogRecordLayout.stride(word);
		}
	}

	/** Whether everything that was claimed has been published. */
	boolean isSettled() {
		try {
			return hasNoOpenClaim();
		}
		catch (InternalError ex) {
			giveUp();
			return true;
		}
	}

	private boolean hasNoOpenClaim() {
		int offset = LogSegmentLayout.HEADER_SIZE;
		while (!this.broken) {
			int word = this.region.getIntAcquire(LogRecordLayout.wordOffset(offset));
			if (LogRecordLayout.isClaimed(word)) {
				return false;
			}
			if (!LogRecordLayout.isPublished(word)) {
				return true;
			}
			offset += LogRecordLayout.stride(word);
		}
		return true;
	}

	/** Returns up to where the records are in the log, or 0 if that is unknown. */
	int collected() {
		try {
			return this.broken ? 0 : this.region.getIntAcquire(LogSegmentLayout.COLLECTED_OFFSET);
		}
		catch (InternalError ex) {
			giveUp();
			return 0;
		}
	}

	boolean hasRecordAt(int offset) {
		try {
			return !this.broken && offset < this.limit
					&& LogRecordLayout.isPublished(this.region.getIntAcquire(LogRecordLayout.wordOffset(offset)));
		}
		catch (InternalError ex) {
			giveUp();
			return false;
		}
	}

	/**
	 * Appends the records from an offset on to another queue.
	 * @return the offset of the first record that was not taken because the other queue
	 * is lost, or {@link #COPIED}
	 */
	int copyTo(LogQueue target, int start) {
		try {
			int offset = start;
			while (!this.broken && offset < this.limit) {
				int word = this.region.getIntAcquire(LogRecordLayout.wordOffset(offset));
				if (!LogRecordLayout.isPublished(Math.abs(word))) {
					return COPIED;
				}
				if (word > 0 && !copyRecord(target, offset, LogRecordLayout.payloadLength(word))) {
					return offset;
				}
				offset += LogRecordLayout.stride(word);
			}
		}
		catch (InternalError ex) {
			giveUp();
		}
		return COPIED;
	}

	private boolean copyRecord(LogQueue target, int record, int length) {
		int tags = this.region.getIntAcquire(LogRecordLayout.tagsOffset(record));
		if (LogRecordLayout.kind(tags) != LogRecordLayout.KIND_TEXT) {
			return true;
		}
		byte[] payload = new byte[length];
		this.region.slice(LogRecordLayout.payloadOffset(record), length).get(payload);
		return target.append(LevelCode.level(LogRecordLayout.level(tags)),
				this.region.getLong(LogRecordLayout.timeOffset(record)), payload, length) || !target.isLost();
	}

	void writeDropped(long[] dropped) {
		try {
			for (int i = 0; i < dropped.length && !this.broken; i++) {
				// A page that is not written to need not be written back.
				if (this.region.getLong(LogSegmentLayout.droppedOffset(i)) != dropped[i]) {
					this.region.putLong(LogSegmentLayout.droppedOffset(i), dropped[i]);
				}
			}
		}
		catch (InternalError ex) {
			giveUp();
		}
	}

}
