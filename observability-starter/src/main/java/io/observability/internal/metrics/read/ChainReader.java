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

package io.observability.internal.metrics.read;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.observability.internal.instance.InstanceInfo;
import io.observability.internal.instance.Occupant;
import io.observability.internal.instance.Slot;
import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.memory.Uninterruptibly;
import io.observability.internal.segment.ChainId;
import io.observability.internal.segment.CorruptSegmentException;
import io.observability.internal.segment.Problems;
import io.observability.internal.segment.UnknownVersionException;

/**
 * Reads the segments of one chain. One thread at a time.
 */
public final class ChainReader implements Closeable {

	private final ChainId chain;

	private final Slot slot;

	private final Occupant occupant;

	private final Map<Integer, SegmentReader> readers = new TreeMap<>();

	private final List<SegmentReader> segments = new ArrayList<>();

	private final ReadBuffer buffer;

	private final Problems problems;

	private Set<Integer> indexes = Set.of();

	private boolean live;

	private boolean whole;

	private boolean unreadable;

	ChainReader(ChainId chain, Slot slot, ReadBuffer buffer, Problems problems) {
		this.chain = chain;
		this.slot = slot;
		this.occupant = new Occupant(slot);
		this.buffer = buffer;
		this.problems = problems;
	}

	/** Reads what is new in the segments with these indexes. */
	public void refresh(Set<Integer> indexes) {
		this.indexes = indexes;
		this.segments.clear();
		this.whole = true;
		this.unreadable = false;
		for (int index : indexes) {
			Path file = file(index);
			try {
				CorruptSegmentException damage = Uninterruptibly.call(() -> read(index)).damage();
				if (damage != null) {
					throw damage;
				}
			}
			catch (NoSuchFileException ex) {
				// Folded between the listing and now: the archive tells of it.
			}
			catch (IOException | RuntimeException ex) {
				this.whole = false;
				this.unreadable |= !isDamage(ex);
				this.problems.found(file, ex);
			}
		}
		this.live = isWriterAlive();
	}

	/** Reads what is new in a segment, or all of it. */
	private SegmentReader read(int index) throws IOException {
		SegmentReader reader = this.readers.get(index);
		if (reader == null) {
			reader = new SegmentReader(SegmentSource.of(file(index), this.buffer));
			this.readers.put(index, reader);
		}
		try {
			if (reader.refresh()) {
				this.segments.add(reader);
			}
			return reader;
		}
		catch (ClosedByInterruptException ex) {
			this.readers.remove(index);
			throw ex;
		}
	}

	/** Whether it will never be better. */
	private static boolean isDamage(Exception ex) {
		return ex instanceof CorruptSegmentException && !(ex instanceof UnknownVersionException);
	}

	/**
	 * Whether the writing process lives. Asked after the chain was found in the folder,
	 * so its writer's name had been in the slot before: a living writer is never taken
	 * for an ended one.
	 */
	private boolean isWriterAlive() {
		if (!this.slot.isHeld()) {
			return false;
		}
		InstanceInfo occupant = this.occupant.now();
		if (occupant != null && !occupant.id().equals(this.chain.instanceId())) {
			return false;
		}
		return this.segments.isEmpty() || !this.segments.get(0).isClosedByWriter();
	}

	/** Deletes the files that it was last found to have, readable or not. */
	public void deleteFiles() throws IOException {
		for (int index : this.indexes) {
			Files.deleteIfExists(file(index));
		}
	}

	private Path file(int index) {
		return this.slot.directory().resolve(this.chain.fileName(index));
	}

	public ChainId chain() {
		return this.chain;
	}

	public Slot slot() {
		return this.slot;
	}

	/** Segments as last read. */
	public List<SegmentReader> segments() {
		return this.segments;
	}

	public boolean isLive() {
		return this.live;
	}

	/** Whether all of it could be read. */
	public boolean isWhole() {
		return this.whole;
	}

	/** Whether some of it could not be read, for now or by this version. */
	public boolean isUnreadable() {
		return this.unreadable;
	}

	@Override
	public void close() throws IOException {
		for (SegmentReader reader : this.readers.values()) {
			reader.close();
		}
	}

}
