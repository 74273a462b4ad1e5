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

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

import io.observability.internal.instance.Slots;
import io.observability.internal.log.collector.Checkpoint.Batch;
import io.observability.internal.log.collector.Checkpoint.Phase;
import io.observability.internal.log.collector.Checkpoint.Range;
import io.observability.internal.log.queue.Position;
import io.observability.internal.segment.SegmentSource;
import io.observability.internal.segment.SequenceId;

/**
 * The bytes of one copy of a {@link Checkpoint}, see {@link CheckpointLayout}. For one
 * thread.
 */
final class CheckpointCopy {

	private final ByteBuffer copy = ByteBuffer.allocate(CheckpointLayout.COPY_SIZE).order(ByteOrder.LITTLE_ENDIAN);

	/**
	 * Reads a copy.
	 * @param file the checkpoint file
	 * @param offset of the copy
	 * @return whether it is a checkpoint that was written to its end
	 * @throws IOException if it can't be read
	 */
	boolean read(SegmentSource file, int offset) throws IOException {
		this.copy.clear().limit(CheckpointLayout.GENERATION_OFFSET);
		file.copy(this.copy, offset);
		if (this.copy.hasRemaining()) {
			return false;
		}
		int length = this.copy.getInt(CheckpointLayout.LENGTH_OFFSET);
		if (length < CheckpointLayout.RANGES_OFFSET - CheckpointLayout.GENERATION_OFFSET
				|| length > CheckpointLayout.COPY_SIZE - CheckpointLayout.GENERATION_OFFSET) {
			return false;
		}
		this.copy.limit(CheckpointLayout.GENERATION_OFFSET + length);
		file.copy(this.copy, offset + CheckpointLayout.GENERATION_OFFSET);
		return !this.copy.hasRemaining() && this.copy.getInt(CheckpointLayout.CHECKSUM_OFFSET) == checksum(length)
				&& isPlausible(length);
	}

	/**
	 * Whether what it says can be. The checksum is no proof: another user may have
	 * written it.
	 */
	private boolean isPlausible(int length) {
		return hasLength(length) && hasValidBatch() && hasValidRanges();
	}

	private boolean hasLength(int length) {
		int count = this.copy.getInt(CheckpointLayout.RANGE_COUNT_OFFSET);
		long pathLength = this.copy.getInt(CheckpointLayout.PATH_LENGTH_OFFSET);
		long keyLength = this.copy.getInt(CheckpointLayout.KEY_LENGTH_OFFSET);
		return count >= 0 && count <= CheckpointLayout.MAX_RANGES && pathLength >= 0 && keyLength >= 0
				&& CheckpointLayout.rangeOffset(count) + pathLength + keyLength == CheckpointLayout.GENERATION_OFFSET
						+ length;
	}

	private boolean hasValidBatch() {
		int length = this.copy.getInt(CheckpointLayout.BATCH_LENGTH_OFFSET);
		return length >= 0 && length <= CheckpointLayout.MAX_BATCH
				&& this.copy.getLong(CheckpointLayout.FILE_LENGTH_OFFSET) >= 0;
	}

	/** A range names files, which must be log segments in the folder of a slot. */
	private boolean hasValidRanges() {
		for (int i = 0; i < this.copy.getInt(CheckpointLayout.RANGE_COUNT_OFFSET); i++) {
			int offset = CheckpointLayout.rangeOffset(i);
			if (!Slots.isNumber(this.copy.getInt(CheckpointLayout.slotOffset(offset)))
					|| !SequenceId.isValid(
							text(CheckpointLayout.instanceOffset(offset), CheckpointLayout.INSTANCE_SIZE),
							this.copy.getInt(CheckpointLayout.sequenceOffset(offset)))
					|| !isValidPosition(CheckpointLayout.fromOffset(offset))
					|| !isValidPosition(CheckpointLayout.toOffset(offset))) {
				return false;
			}
		}
		return true;
	}

	private boolean isValidPosition(int offset) {
		return this.copy.getInt(offset) >= 0 && this.copy.getInt(offset + Integer.BYTES) >= 0;
	}

	private int checksum(int length) {
		CRC32C crc = new CRC32C();
		crc.update(this.copy.slice(CheckpointLayout.LENGTH_OFFSET, Integer.BYTES + length));
		return (int) crc.getValue();
	}

	long generation() {
		return this.copy.getLong(CheckpointLayout.GENERATION_OFFSET);
	}

	/** Returns the bytes of a checkpoint, valid until the next call. */
	ByteBuffer encode(Checkpoint checkpoint, long generation) {
		this.copy.clear();
		int length = encode(checkpoint) - CheckpointLayout.GENERATION_OFFSET;
		this.copy.putLong(CheckpointLayout.GENERATION_OFFSET, generation);
		this.copy.putInt(CheckpointLayout.LENGTH_OFFSET, length);
		this.copy.putInt(CheckpointLayout.CHECKSUM_OFFSET, checksum(length));
		return this.copy.clear().limit(CheckpointLayout.GENERATION_OFFSET + length);
	}

	/** Returns the offset behind the last byte. */
	private int encode(Checkpoint checkpoint) {
		byte[] path = checkpoint.file().getBytes(StandardCharsets.UTF_8);
		byte[] key = checkpoint.fileKey().getBytes(StandardCharsets.UTF_8);
		this.copy.putInt(CheckpointLayout.PHASE_OFFSET, checkpoint.phase().code());
		putInstance(CheckpointLayout.COLLECTOR_OFFSET, checkpoint.collector());
		this.copy.putLong(CheckpointLayout.BATCH_TIME_OFFSET, checkpoint.batch().time());
		this.copy.putInt(CheckpointLayout.BATCH_LENGTH_OFFSET, checkpoint.batch().length());
		this.copy.putInt(CheckpointLayout.BATCH_CHECKSUM_OFFSET, checkpoint.batch().checksum());
		this.copy.putLong(CheckpointLayout.FILE_LENGTH_OFFSET, checkpoint.length());
		this.copy.putInt(CheckpointLayout.RANGE_COUNT_OFFSET, checkpoint.ranges().size());
		this.copy.putInt(CheckpointLayout.PATH_LENGTH_OFFSET, path.length);
		this.copy.putInt(CheckpointLayout.KEY_LENGTH_OFFSET, key.length);
		int end = CheckpointLayout.RANGES_OFFSET;
		for (Range range : checkpoint.ranges()) {
			int offset = end;
			this.copy.putInt(CheckpointLayout.slotOffset(offset), range.slot());
			putInstance(CheckpointLayout.instanceOffset(offset), range.instance());
			this.copy.putInt(CheckpointLayout.sequenceOffset(offset), range.number());
			putPosition(CheckpointLayout.fromOffset(offset), range.from());
			putPosition(CheckpointLayout.toOffset(offset), range.to());
			end = offset + CheckpointLayout.RANGE_SIZE;
		}
		this.copy.put(end, path);
		this.copy.put(end + path.length, key);
		return end + path.length + key.length;
	}

	private void putInstance(int offset, String instance) {
		this.copy.put(offset, instance.getBytes(StandardCharsets.US_ASCII), 0, CheckpointLayout.INSTANCE_SIZE);
	}

	private void putPosition(int offset, Position position) {
		this.copy.putInt(offset, position.index());
		this.copy.putInt(offset + Integer.BYTES, position.offset());
	}

	/** Returns the checkpoint that an intact copy holds. */
	Checkpoint decode() {
		int count = this.copy.getInt(CheckpointLayout.RANGE_COUNT_OFFSET);
		List<Range> ranges = new ArrayList<>(count);
		for (int i = 0; i < count; i++) {
			int offset = CheckpointLayout.rangeOffset(i);
			ranges.add(new Range(this.copy.getInt(CheckpointLayout.slotOffset(offset)),
					text(CheckpointLayout.instanceOffset(offset), CheckpointLayout.INSTANCE_SIZE),
					this.copy.getInt(CheckpointLayout.sequenceOffset(offset)),
					position(CheckpointLayout.fromOffset(offset)), position(CheckpointLayout.toOffset(offset))));
		}
		int texts = CheckpointLayout.rangeOffset(count);
		int pathLength = this.copy.getInt(CheckpointLayout.PATH_LENGTH_OFFSET);
		int keyLength = this.copy.getInt(CheckpointLayout.KEY_LENGTH_OFFSET);
		Batch batch = new Batch(this.copy.getLong(CheckpointLayout.BATCH_TIME_OFFSET),
				this.copy.getInt(CheckpointLayout.BATCH_LENGTH_OFFSET),
				this.copy.getInt(CheckpointLayout.BATCH_CHECKSUM_OFFSET));
		return new Checkpoint(Phase.of(this.copy.getInt(CheckpointLayout.PHASE_OFFSET)),
				text(CheckpointLayout.COLLECTOR_OFFSET, CheckpointLayout.INSTANCE_SIZE), text(texts, pathLength),
				text(texts + pathLength, keyLength), this.copy.getLong(CheckpointLayout.FILE_LENGTH_OFFSET), batch,
				ranges);
	}

	private String text(int offset, int length) {
		byte[] bytes = new byte[length];
		this.copy.get(offset, bytes);
		return new String(bytes, StandardCharsets.UTF_8);
	}

	private Position position(int offset) {
		return new Position(this.copy.getInt(offset), this.copy.getInt(offset + Integer.BYTES));
	}

}
