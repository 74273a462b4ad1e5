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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import io.observability.internal.instance.InstanceInfo;
import io.observability.internal.instance.ListedLocks;
import io.observability.internal.instance.Slot;
import io.observability.internal.instance.Slots;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.memory.Uninterruptibly;
import io.observability.internal.segment.CachedListing;
import io.observability.internal.segment.CorruptSegmentException;
import io.observability.internal.segment.ListedSegment;
import io.observability.internal.segment.Problems;
import io.observability.internal.segment.SegmentKind;
import io.observability.internal.segment.SegmentSequence;
import io.observability.internal.segment.SegmentSource;
import io.observability.internal.segment.SequenceId;
import io.observability.internal.segment.WriterLiveness;
import org.jspecify.annotations.Nullable;

/**
 * Reads the metrics files of all instances, and the archive.
 *
 * <p>
 * Protocol. The files of instances are read first and the archive last. A process that
 * folds a sequence publishes the archive that holds it before it deletes the sequence's
 * files. So a sequence that is no longer found is in the archive that is read later; one
 * that is found but has a folded record in the archive is ignored. The archive keeps
 * folded records for a number of generations: if more generations than that pass during a
 * reading, the reading begins again. So each reading counts every sequence exactly once.
 * If a file has vanished between the listing and its reading, because its sequence was
 * folded or its segments were replaced, the slot is listed again.
 *
 * <p>
 * Which slots are held is listed once for all of them when a reading begins, and only
 * those that are not listed are probed, after their files were read. So an instance that
 * was killed before the reading began is seen to be, and one that is alive never passes
 * for terminated. An instance that is killed meanwhile may pass for alive this time.
 *
 * <p>
 * The order of these steps is that of the program, which a processor such as ARM's need
 * not keep: what the kernel loads for one system call may be older than what it has
 * loaded for the one before. So an acquire fence stands between two steps of which the
 * second must be no older: between files that are not found any more and the archive, and
 * between the check that a writer is not alive, of {@link #refresh()} before this one,
 * and its numbers. One thread at a time.
 */
public final class FleetReader implements Closeable {

	/** The kind of a problem: a file of the store, or a folder, can't be read. */
	static final String UNREADABLE = "metrics file can't be read, the others are shown without it: ";

	private static final int MOST_LISTINGS = 10;

	/** As many slots as can be probed in the time that one reading of the list takes. */
	private static final int FEW_SLOTS = 3;

	private final StoreDirectory store;

	private final CachedListing<List<Slot>> slots;

	private final Map<Slot, CachedListing<SlotContent>> listings = new HashMap<>();

	private final Problems problems;

	private final ReadBuffer buffer;

	private final Map<SequenceId, SequenceReader> sequences = new LinkedHashMap<>();

	private @Nullable SegmentReader archive;

	private boolean archiveCorrupt;

	public FleetReader(StoreDirectory store, Problems problems) {
		this(store, problems, new ReadBuffer(SegmentReader.CHUNK_BYTES));
	}

	/**
	 * Creates a reader; nothing is read yet.
	 * @param store the fleet's folder
	 * @param problems where files that can't be read are reported
	 * @param buffer through which files are read, with {@link SegmentReader#CHUNK_BYTES};
	 * the readers of one thread can share it
	 */
	public FleetReader(StoreDirectory store, Problems problems, ReadBuffer buffer) {
		this.buffer = buffer;
		this.store = store;
		this.slots = new CachedListing<>(store.slots(), new Slots(store)::list);
		this.problems = problems;
	}

	/**
	 * Reads all numbers, and parses the records that have been added.
	 * @throws IOException if a folder can't be read; the sequences in it are then as they
	 * were last read, and all others as they are now
	 */
	public void refresh() throws IOException {
		int before;
		do {
			before = generation();
			VarHandle.acquireFence();
			try {
				refreshSequences();
			}
			finally {
				VarHandle.acquireFence();
				refreshArchive();
			}
		}
		while (generation() - before > ArchiveFile.REMEMBERED_GENERATIONS);
	}

	private void refreshSequences() throws IOException {
		Set<SequenceId> found = new HashSet<>();
		IOException failure = null;
		List<Slot> slots = slots();
		this.listings.keySet().retainAll(slots);
		ListedLocks locks = (slots.size() > FEW_SLOTS) ? ListedLocks.now() : ListedLocks.none();
		for (Slot slot : slots) {
			try {
				refreshSequences(slot, locks, found);
			}
			catch (IOException ex) {
				failure = ex;
			}
		}
		if (failure != null) {
			throw failure;
		}
		for (Iterator<SequenceReader> sequences = this.sequences.values().iterator(); sequences.hasNext();) {
			SequenceReader sequence = sequences.next();
			if (!found.contains(sequence.id())) {
				sequences.remove();
				sequence.close();
			}
		}
	}

	private List<Slot> slots() throws IOException {
		try {
			return this.slots.now();
		}
		catch (NoSuchFileException ex) {
			return List.of();
		}
	}

	private void refreshSequences(Slot slot, ListedLocks locks, Set<SequenceId> found) throws IOException {
		SlotContent content = list(slot);
		for (int attempt = 1; !read(content.files()) && attempt < MOST_LISTINGS; attempt++) {
			content = list(slot);
		}
		if (content.files().isEmpty()) {
			return;
		}
		Predicate<SequenceId> alive = WriterLiveness.of(slot.isHeld(locks, content.lock()), content.occupant());
		for (SegmentSequence sequence : content.files().keySet()) {
			found.add(sequence.id());
			readerOf(sequence).setWriterAlive(alive.test(sequence.id()));
		}
	}

	/** Reads these files and returns whether all of them still existed. */
	private boolean read(Map<SegmentSequence, List<ListedSegment>> listed) {
		boolean existed = true;
		for (Map.Entry<SegmentSequence, List<ListedSegment>> entry : listed.entrySet()) {
			existed &= readerOf(entry.getKey()).refresh(entry.getValue());
		}
		return existed;
	}

	private SequenceReader readerOf(SegmentSequence sequence) {
		return this.sequences.computeIfAbsent(sequence.id(),
				(id) -> new SequenceReader(sequence, this.buffer, this.problems));
	}

	private SlotContent list(Slot slot) throws IOException {
		try {
			return this.listings
				.computeIfAbsent(slot, (key) -> new CachedListing<>(key.directory(), () -> SlotContent.of(key)))
				.now();
		}
		catch (NoSuchFileException ex) {
			return SlotContent.NONE;
		}
	}

	/** Reads the archive that is there now, unless it is the one that was read last. */
	private void refreshArchive() {
		Path file = ArchiveFile.of(this.store);
		this.archiveCorrupt = false;
		try {
			this.archive = Uninterruptibly.call(() -> readArchive(file));
			this.problems.resolve(file, UNREADABLE);
		}
		catch (NoSuchFileException ex) {
			// Nothing has been folded yet, or another program has deleted it.
			this.archive = null;
		}
		catch (IOException | RuntimeException ex) {
			this.archiveCorrupt = CorruptSegmentException.isDamage(ex);
			this.problems.report(file, UNREADABLE, ex);
		}
	}

	private SegmentReader readArchive(Path file) throws IOException {
		try (SegmentReader current = new SegmentReader(SegmentSource.of(file, this.buffer))) {
			SegmentReader last = this.archive;
			return (last != null && current.isSameAs(last)) ? last : readWhole(current);
		}
	}

	private static SegmentReader readWhole(SegmentReader archive) throws IOException {
		if (!archive.refresh() || !archive.isArchive()) {
			throw new CorruptSegmentException("not an archive");
		}
		CorruptSegmentException damage = archive.damage();
		if (damage != null) {
			throw damage;
		}
		return archive;
	}

	private int generation() {
		return (this.archive != null) ? this.archive.header().index() : 0;
	}

	/** Returns the sequences that are not in the archive. */
	public List<SequenceReader> sequences() {
		return this.sequences.values().stream().filter((sequence) -> !isFolded(sequence)).toList();
	}

	/** Returns the sequences in the archive whose files have not been deleted yet. */
	public List<SequenceReader> foldedSequences() {
		return this.sequences.values().stream().filter(this::isFolded).toList();
	}

	private boolean isFolded(SequenceReader sequence) {
		return this.archive != null && this.archive.folded().containsKey(sequence.id());
	}

	/** Returns the archive as last read, or null if there is none. */
	public @Nullable SegmentReader archive() {
		return this.archive;
	}

	/** Returns whether the archive was damaged when it was last read. */
	public boolean isArchiveCorrupt() {
		return this.archiveCorrupt;
	}

	@Override
	public void close() throws IOException {
		for (SequenceReader sequence : this.sequences.values()) {
			sequence.close();
		}
	}

	/**
	 * What is in the folder of a slot, all of which stays as it is while the folder does.
	 *
	 * @param files of each sequence
	 * @param occupant the instance that holds, or last held, the slot, or null if that is
	 * unknown; read after the files were listed, because it is written before them
	 * @param lock how the slot's lock is listed, or null if that is unknown
	 */
	private record SlotContent(Map<SegmentSequence, List<ListedSegment>> files, @Nullable InstanceInfo occupant,
			@Nullable String lock) {

		private static final SlotContent NONE = new SlotContent(Map.of(), null, null);

		private static SlotContent of(Slot slot) throws IOException {
			Map<SegmentSequence, List<ListedSegment>> files = SegmentSequence.list(slot, SegmentKind.METRICS);
			return files.isEmpty() ? NONE : new SlotContent(files, slot.occupant(), slot.listedLock());
		}

	}

}
