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
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.observability.internal.instance.Slot;
import io.observability.internal.instance.Slots;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.memory.Uninterruptibly;
import io.observability.internal.segment.CachedListing;
import io.observability.internal.segment.ChainId;
import io.observability.internal.segment.CorruptSegmentException;
import io.observability.internal.segment.Problems;
import io.observability.internal.segment.UnknownVersionException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the metrics files of all instances, and the archive.
 *
 * <p>
 * Protocol. Instances' files are read first and the archive last. Whoever folds a chain
 * publishes the archive that holds it before the chain's files go, so a chain that was
 * not found any more is in the archive that is read later; one that was found and is
 * noted in the archive as folded is left out. The archive remembers what it has folded
 * for a number of generations: should more than those pass in the middle of a reading, it
 * begins again. So at each reading every chain counts exactly once. One thread at a time.
 */
public final class FleetReader implements Closeable {

	private final StoreDirectory store;

	private final CachedListing<List<Slot>> slots;

	private final Map<Slot, CachedListing<Map<ChainId, Set<Integer>>>> segments = new HashMap<>();

	private final Problems problems;

	private final ReadBuffer buffer = new ReadBuffer(SegmentReader.CHUNK_BYTES);

	private final Map<ChainId, ChainReader> chains = new LinkedHashMap<>();

	private @Nullable SegmentReader archive;

	private boolean archiveCorrupt;

	public FleetReader(StoreDirectory store, Problems problems) {
		this.store = store;
		this.slots = new CachedListing<>(store.slots(), new Slots(store)::list);
		this.problems = problems;
	}

	/**
	 * Reads everything anew, parsing only what has been added.
	 * @throws IOException if a folder can't be read; the chains in it are then as they
	 * were read last, and all others as they are now
	 */
	public void refresh() throws IOException {
		int before;
		do {
			before = generation();
			try {
				refreshChains();
			}
			finally {
				refreshArchive();
			}
		}
		while (generation() - before > ArchiveFile.REMEMBERED_GENERATIONS);
	}

	private void refreshChains() throws IOException {
		Set<ChainId> found = new HashSet<>();
		IOException failure = null;
		for (Slot slot : slots()) {
			try {
				refreshChains(slot, found);
			}
			catch (IOException ex) {
				failure = ex;
			}
		}
		if (failure != null) {
			throw failure;
		}
		for (Iterator<ChainReader> chains = this.chains.values().iterator(); chains.hasNext();) {
			ChainReader chain = chains.next();
			if (!found.contains(chain.chain())) {
				chains.remove();
				chain.close();
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

	private void refreshChains(Slot slot, Set<ChainId> found) throws IOException {
		for (Map.Entry<ChainId, Set<Integer>> entry : segmentsOf(slot).entrySet()) {
			ChainReader chain = this.chains.computeIfAbsent(entry.getKey(),
					(id) -> new ChainReader(id, slot, this.buffer, this.problems));
			chain.refresh(entry.getValue());
			found.add(entry.getKey());
		}
	}

	private Map<ChainId, Set<Integer>> segmentsOf(Slot slot) throws IOException {
		try {
			return this.segments
				.computeIfAbsent(slot, (key) -> new CachedListing<>(key.directory(), () -> segmentsIn(key.directory())))
				.now();
		}
		catch (NoSuchFileException ex) {
			return Map.of();
		}
	}

	private static Map<ChainId, Set<Integer>> segmentsIn(Path directory) throws IOException {
		Map<ChainId, Set<Integer>> segments = new LinkedHashMap<>();
		try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
			for (Path file : files) {
				ChainId.Link link = ChainId.parse(file.getFileName().toString());
				if (link != null) {
					segments.computeIfAbsent(link.chain(), (chain) -> new TreeSet<>()).add(link.index());
				}
			}
		}
		catch (DirectoryIteratorException ex) {
			throw ex.getCause();
		}
		return segments;
	}

	/** Reads the archive that is there now, unless it is the one that was read last. */
	private void refreshArchive() {
		Path file = ArchiveFile.of(this.store);
		this.archiveCorrupt = false;
		try {
			this.archive = Uninterruptibly.call(() -> readArchive(file));
		}
		catch (NoSuchFileException ex) {
			// Nothing has been folded yet, or somebody has deleted it: all show the same.
			this.archive = null;
		}
		catch (IOException | RuntimeException ex) {
			this.archiveCorrupt = ex instanceof CorruptSegmentException && !(ex instanceof UnknownVersionException);
			this.problems.found(file, ex);
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

	/** The chains that are not in the archive. */
	public List<ChainReader> chains() {
		return this.chains.values().stream().filter((chain) -> !isFolded(chain)).toList();
	}

	/** The chains that are in the archive, but whose files have not been deleted yet. */
	public List<ChainReader> foldedChains() {
		return this.chains.values().stream().filter(this::isFolded).toList();
	}

	private boolean isFolded(ChainReader chain) {
		return this.archive != null && this.archive.folded().containsKey(chain.chain());
	}

	/** The archive as last read, or null if there is none. */
	public @Nullable SegmentReader archive() {
		return this.archive;
	}

	/** Whether the archive, as last found, is damaged. */
	public boolean isArchiveCorrupt() {
		return this.archiveCorrupt;
	}

	@Override
	public void close() throws IOException {
		for (ChainReader chain : this.chains.values()) {
			chain.close();
		}
	}

}
