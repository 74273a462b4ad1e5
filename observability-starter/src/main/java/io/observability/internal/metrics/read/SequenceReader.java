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
import java.lang.invoke.VarHandle;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.observability.internal.instance.Slot;
import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.memory.StoreFiles;
import io.observability.internal.memory.Uninterruptibly;
import io.observability.internal.segment.CorruptSegmentException;
import io.observability.internal.segment.ListedSegment;
import io.observability.internal.segment.Problems;
import io.observability.internal.segment.SegmentSequence;
import io.observability.internal.segment.SegmentSource;
import io.observability.internal.segment.SequenceId;

/**
 * Reads the segments of one sequence, but for those that a later one replaces. What was
 * read of segments that have vanished or were replaced is forgotten, and their files are
 * closed.
 *
 * <p>
 * The newest segment is read first, because it may replace the others: their series are
 * moved into it, and a moved series no longer changes in its former segment. An acquire
 * fence between two segments keeps that order on all processors. One thread at a time.
 */
public final class SequenceReader implements Closeable {

	private final SegmentSequence sequence;

	private final Map<Integer, SegmentReader> readers = new TreeMap<>();

	private final List<SegmentReader> segments = new ArrayList<>();

	private final ReadBuffer buffer;

	private final Problems problems;

	private List<ListedSegment> files = List.of();

	private boolean live;

	private boolean whole;

	private boolean unreadable;

	SequenceReader(SegmentSequence sequence, ReadBuffer buffer, Problems problems) {
		this.sequence = sequence;
		this.buffer = buffer;
		this.problems = problems;
	}

	/**
	 * Reads what is new in the segments whose files these are.
	 * @return whether all these files still existed
	 */
	boolean refresh(List<ListedSegment> files) {
		this.files = files;
		this.segments.clear();
		this.whole = true;
		this.unreadable = false;
		boolean found = true;
		List<Integer> read = new ArrayList<>();
		// From the newest one down to the one that replaces all before it.
		for (int i = files.size() - 1; i >= 0 && !isReplaced(); i--) {
			ListedSegment file = files.get(i);
			if (!file.isReadable()) {
				continue;
			}
			read.add(file.index());
			VarHandle.acquireFence();
			try {
				CorruptSegmentException damage = Uninterruptibly.call(() -> read(file)).damage();
				if (damage != null) {
					throw damage;
				}
				this.problems.resolve(file.path(), FleetReader.UNREADABLE);
			}
			catch (NoSuchFileException ex) {
				found = false;
				// Folded or replaced between the listing and now.
				this.problems.resolve(file.path(), FleetReader.UNREADABLE);
			}
			catch (IOException | RuntimeException ex) {
				this.whole = false;
				this.unreadable |= !CorruptSegmentException.isDamage(ex);
				this.problems.report(file.path(), FleetReader.UNREADABLE, ex);
			}
		}
		Collections.reverse(this.segments);
		closeOthers(read);
		return found;
	}

	private boolean isReplaced() {
		return !this.segments.isEmpty() && this.segments.get(this.segments.size() - 1).replacesFormer();
	}

	/** Sets whether the process that writes it was alive after it was read. */
	void setWriterAlive(boolean alive) {
		this.live = alive && (this.segments.isEmpty() || !this.segments.get(0).isClosedByWriter());
	}

	/** Reads what is new in a segment, or all of it. */
	private SegmentReader read(ListedSegment file) throws IOException {
		SegmentReader reader = this.readers.get(file.index());
		if (reader == null) {
			reader = new SegmentReader(SegmentSource.of(file.path(), this.buffer));
			this.readers.put(file.index(), reader);
		}
		try {
			if (reader.refresh()) {
				this.segments.add(reader);
			}
			return reader;
		}
		catch (ClosedByInterruptException ex) {
			this.readers.remove(file.index());
			throw ex;
		}
	}

	private void closeOthers(List<Integer> read) {
		if (this.readers.size() == read.size() && this.readers.keySet().containsAll(read)) {
			return;
		}
		this.readers.entrySet().removeIf((reader) -> {
			if (read.contains(reader.getKey())) {
				return false;
			}
			close(reader.getValue());
			return true;
		});
	}

	private static void close(SegmentReader reader) {
		try {
			reader.close();
		}
		catch (IOException ex) {
			// It was only read.
		}
	}

	/** Deletes the files that the last {@link #refresh} was given, readable or not. */
	public void deleteFiles() throws IOException {
		for (ListedSegment file : this.files) {
			StoreFiles.deleteIfExists(file.path());
		}
	}

	public SequenceId id() {
		return this.sequence.id();
	}

	Slot slot() {
		return this.sequence.slot();
	}

	/** Returns the segments as last read. */
	public List<SegmentReader> segments() {
		return this.segments;
	}

	public boolean isLive() {
		return this.live;
	}

	/** Returns whether all of it could be read. */
	public boolean isWhole() {
		return this.whole;
	}

	/** Returns whether some of it can't be read now, or not by this version. */
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
