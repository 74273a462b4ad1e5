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

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

import io.observability.internal.log.collector.Checkpoint.Batch;
import io.observability.internal.log.collector.Checkpoint.Phase;
import io.observability.internal.log.collector.Checkpoint.Range;
import io.observability.internal.log.queue.Position;
import io.observability.internal.memory.Permissions;
import org.jspecify.annotations.Nullable;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

/**
 * The file that keeps the newest {@link Checkpoint}.
 *
 * <p>
 * Protocol. Only the holder of the collector lock writes. There are two copies, each with
 * a checksum and a generation, and a new checkpoint overwrites the older one. A crash in
 * the middle of that leaves a copy whose checksum is wrong, and the one before it counts:
 * it describes the batch before, which is complete. The file has its full size from the
 * start, so that a full disk can't prevent an update.
 */
final class CheckpointFile implements Closeable {

	private final Path path;

	private final FileChannel channel;

	private final ByteBuffer copy = ByteBuffer.allocateDirect(CheckpointLayout.COPY_SIZE)
		.order(ByteOrder.LITTLE_ENDIAN);

	private long generation;

	private @Nullable Checkpoint newest;

	private CheckpointFile(Path path, FileChannel channel) {
		this.path = path;
		this.channel = channel;
	}

	/** Opens the file for the holder of the collector lock, creating it if missing. */
	static CheckpointFile open(Path path) throws IOException {
		FileChannel channel = Permissions.open(path, CREATE, READ, WRITE);
		CheckpointFile file = new CheckpointFile(path, channel);
		try {
			file.checkHeader();
			file.load();
			return file;
		}
		catch (IOException ex) {
			channel.close();
			throw ex;
		}
	}

	/** Reads the newest checkpoint of whoever collects; null if there is none. */
	static @Nullable Checkpoint peek(Path path) throws IOException {
		try (FileChannel channel = FileChannel.open(path, READ)) {
			CheckpointFile file = new CheckpointFile(path, channel);
			file.load();
			return file.newest;
		}
		catch (NoSuchFileException ex) {
			return null;
		}
	}

	private void checkHeader() throws IOException {
		ByteBuffer header = ByteBuffer.allocate(CheckpointLayout.HEADER_SIZE).order(ByteOrder.LITTLE_ENDIAN);
		this.channel.read(header, 0);
		boolean known = header.getLong(CheckpointLayout.MAGIC_OFFSET) == CheckpointLayout.MAGIC;
		int version = header.getInt(CheckpointLayout.VERSION_OFFSET);
		if (known && version > CheckpointLayout.VERSION) {
			throw new IOException("checkpoint of a newer version: version=" + version + ", supported="
					+ CheckpointLayout.VERSION + ", file=" + this.path);
		}
		long size = CheckpointLayout.HEADER_SIZE + 2L * CheckpointLayout.COPY_SIZE;
		if (!known || this.channel.size() < size) {
			this.channel.write(ByteBuffer.allocate((int) size), 0);
		}
		header.clear();
		header.putLong(CheckpointLayout.MAGIC_OFFSET, CheckpointLayout.MAGIC);
		header.putInt(CheckpointLayout.VERSION_OFFSET, CheckpointLayout.VERSION);
		header.putInt(CheckpointLayout.COPY_SIZE_OFFSET, CheckpointLayout.COPY_SIZE);
		writeFully(header, 0);
	}

	private void load() throws IOException {
		for (int i = 0; i < 2; i++) {
			this.copy.clear();
			this.channel.read(this.copy, offsetOf(i));
			this.copy.clear();
			if (isIntact() && this.copy.getLong(CheckpointLayout.GENERATION_OFFSET) > this.generation) {
				this.generation = this.copy.getLong(CheckpointLayout.GENERATION_OFFSET);
				this.newest = decode();
			}
		}
	}

	private static long offsetOf(long generation) {
		return CheckpointLayout.HEADER_SIZE + (generation & 1) * CheckpointLayout.COPY_SIZE;
	}

	private boolean isIntact() {
		int length = this.copy.getInt(CheckpointLayout.LENGTH_OFFSET);
		int maxLength = CheckpointLayout.COPY_SIZE - CheckpointLayout.GENERATION_OFFSET;
		return length > 0 && length <= maxLength
				&& this.copy.getInt(CheckpointLayout.CHECKSUM_OFFSET) == checksum(length);
	}

	private int checksum(int length) {
		CRC32C crc = new CRC32C();
		crc.update(this.copy.slice(CheckpointLayout.LENGTH_OFFSET, Integer.BYTES + length));
		return (int) crc.getValue();
	}

	/** Returns the newest checkpoint, null if there is none or it got lost. */
	@Nullable Checkpoint newest() {
		return this.newest;
	}

	void write(Checkpoint checkpoint) throws IOException {
		this.copy.clear();
		int length = encode(checkpoint) - CheckpointLayout.GENERATION_OFFSET;
		this.copy.putLong(CheckpointLayout.GENERATION_OFFSET, this.generation + 1);
		this.copy.putInt(CheckpointLayout.LENGTH_OFFSET, length);
		this.copy.putInt(CheckpointLayout.CHECKSUM_OFFSET, checksum(length));
		this.copy.clear().limit(CheckpointLayout.GENERATION_OFFSET + length);
		writeFully(this.copy, offsetOf(this.generation + 1));
		this.generation++;
		this.newest = checkpoint;
	}

	private void writeFully(ByteBuffer bytes, long offset) throws IOException {
		long at = offset;
		while (bytes.hasRemaining()) {
			at += this.channel.write(bytes, at);
		}
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
		int offset = CheckpointLayout.RANGES_OFFSET;
		for (Range range : checkpoint.ranges()) {
			this.copy.putInt(offset + CheckpointLayout.RANGE_SLOT_OFFSET, range.slot());
			putInstance(offset + CheckpointLayout.RANGE_INSTANCE_OFFSET, range.instance());
			this.copy.putInt(offset + CheckpointLayout.RANGE_CHAIN_OFFSET, range.number());
			putPosition(offset + CheckpointLayout.RANGE_FROM_OFFSET, range.from());
			putPosition(offset + CheckpointLayout.RANGE_TO_OFFSET, range.to());
			offset += CheckpointLayout.RANGE_SIZE;
		}
		this.copy.put(offset, path);
		this.copy.put(offset + path.length, key);
		return offset + path.length + key.length;
	}

	private void putInstance(int offset, String instance) {
		this.copy.put(offset, instance.getBytes(StandardCharsets.US_ASCII), 0, CheckpointLayout.INSTANCE_SIZE);
	}

	private void putPosition(int offset, Position position) {
		this.copy.putInt(offset, position.index());
		this.copy.putInt(offset + Integer.BYTES, position.offset());
	}

	private Checkpoint decode() {
		int count = this.copy.getInt(CheckpointLayout.RANGE_COUNT_OFFSET);
		List<Range> ranges = new ArrayList<>(count);
		int offset = CheckpointLayout.RANGES_OFFSET;
		for (int i = 0; i < count; i++) {
			ranges.add(new Range(this.copy.getInt(offset + CheckpointLayout.RANGE_SLOT_OFFSET),
					text(offset + CheckpointLayout.RANGE_INSTANCE_OFFSET, CheckpointLayout.INSTANCE_SIZE),
					this.copy.getInt(offset + CheckpointLayout.RANGE_CHAIN_OFFSET),
					position(offset + CheckpointLayout.RANGE_FROM_OFFSET),
					position(offset + CheckpointLayout.RANGE_TO_OFFSET)));
			offset += CheckpointLayout.RANGE_SIZE;
		}
		int pathLength = this.copy.getInt(CheckpointLayout.PATH_LENGTH_OFFSET);
		int keyLength = this.copy.getInt(CheckpointLayout.KEY_LENGTH_OFFSET);
		Batch batch = new Batch(this.copy.getLong(CheckpointLayout.BATCH_TIME_OFFSET),
				this.copy.getInt(CheckpointLayout.BATCH_LENGTH_OFFSET),
				this.copy.getInt(CheckpointLayout.BATCH_CHECKSUM_OFFSET));
		return new Checkpoint(Phase.of(this.copy.getInt(CheckpointLayout.PHASE_OFFSET)),
				text(CheckpointLayout.COLLECTOR_OFFSET, CheckpointLayout.INSTANCE_SIZE), text(offset, pathLength),
				text(offset + pathLength, keyLength), this.copy.getLong(CheckpointLayout.FILE_LENGTH_OFFSET), batch,
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

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

}
