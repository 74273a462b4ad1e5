package io.observability.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.observability.instance.ProcessLock;
import io.observability.instance.StoreDirectory;
import io.observability.memory.Permissions;
import io.observability.memory.Region;
import org.jspecify.annotations.Nullable;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

/**
 * The totals of ended instances, in {@code archive/totals.seg}: a metrics file like any
 * other, but for its state and the FOLDED records in it.
 *
 * <p>
 * Protocol. Whoever holds {@code archive/lock} folds: it finds the chains whose writers
 * have ended, only then reads them and the archive, writes a new archive of the next
 * generation beside the old one, with a note of each chain that it now holds, moves it
 * into the old one's place, and deletes the chains' files. Killed before the move, it
 * leaves a temporary file that the next one overwrites; killed after the move, it leaves
 * files that every reader knows from the notes to be folded, and that the next one
 * deletes. A note is kept for {@link #REMEMBERED_GENERATIONS}, and as long as files of
 * its chain are there.
 */
public final class Archive {

	static final int REMEMBERED_GENERATIONS = 64;

	private final StoreDirectory store;

	private final Problems problems;

	public Archive(StoreDirectory store, Problems problems) {
		this.store = store;
		this.problems = problems;
	}

	static Path file(StoreDirectory store) {
		return store.archive().resolve("totals.seg");
	}

	/**
	 * Folds the chains of ended instances, unless somebody else is doing it.
	 * @return the number of chains folded
	 * @throws IOException if the new archive can't be written; nothing is lost then
	 */
	public int fold() throws IOException {
		ProcessLock lock = ProcessLock.tryAcquire(this.store.archive().resolve("lock"));
		if (lock == null) {
			return 0;
		}
		try (lock; FleetReader reader = new FleetReader(this.store, this.problems)) {
			reader.refresh();
			deleteFolded(reader);
			List<ChainReader> ended = readEnded(reader);
			SegmentReader archive = reader.archive();
			if (ended.isEmpty() || (archive == null && Files.exists(file(this.store)))) {
				return 0;
			}
			replace(write(archive, ended));
			for (ChainReader chain : ended) {
				chain.deleteFiles();
			}
			return ended.size();
		}
	}

	/**
	 * The chains whose writers had ended before their files were listed and read: until a
	 * writer has ended it may add to what was read, and make another file.
	 */
	private static List<ChainReader> readEnded(FleetReader reader) throws IOException {
		Set<ChainId> ended = new HashSet<>();
		for (ChainReader chain : reader.chains()) {
			if (!chain.isLive()) {
				ended.add(chain.chain());
			}
		}
		if (ended.isEmpty()) {
			return List.of();
		}
		reader.refresh();
		return reader.chains().stream().filter((chain) -> ended.contains(chain.chain()) && chain.isWhole()).toList();
	}

	private static void deleteFolded(FleetReader reader) throws IOException {
		for (ChainReader chain : reader.foldedChains()) {
			chain.deleteFiles();
		}
	}

	private static Region write(@Nullable SegmentReader archive, List<ChainReader> ended) {
		Merger merger = new Merger();
		List<SegmentReader> segments = new ArrayList<>();
		ended.forEach((chain) -> segments.addAll(chain.segments()));
		if (archive != null) {
			segments.add(archive);
		}
		merger.begin(segments);
		segments.forEach((segment) -> merger.add(segment, false));
		int generation = ((archive != null) ? archive.header().index() : 0) + 1;
		List<byte[]> notes = notes(archive, ended, generation);
		Region region = Region.allocate(size(merger.families(), notes));
		SegmentWriter writer = new SegmentWriter(region);
		writer.open(ChainId.of(0, 0), generation, SegmentLayout.STATE_ARCHIVE, "", System.currentTimeMillis());
		notes.forEach(writer::append);
		for (MergedFamily family : merger.families()) {
			write(family, writer);
		}
		return region;
	}

	private static List<byte[]> notes(@Nullable SegmentReader archive, List<ChainReader> ended, int generation) {
		List<byte[]> notes = new ArrayList<>();
		if (archive != null) {
			for (Map.Entry<ChainId, Integer> folded : archive.folded().entrySet()) {
				if (generation - folded.getValue() <= REMEMBERED_GENERATIONS) {
					notes.add(RecordEncoder.folded(folded.getKey(), folded.getValue()));
				}
			}
		}
		ended.forEach((chain) -> notes.add(RecordEncoder.folded(chain.chain(), generation)));
		return notes;
	}

	private static int size(Collection<MergedFamily> families, List<byte[]> notes) {
		int size = SegmentLayout.headerLength(0) + SegmentLayout.ALIGNMENT;
		for (byte[] note : notes) {
			size += note.length;
		}
		for (MergedFamily family : families) {
			size += RecordEncoder.family(family.family()).length;
			for (MergedSeries series : family.series()) {
				size += series.blocks()
						* (RecordEncoder.seriesLength(labelValues(series)) + family.family().cellBytes());
			}
		}
		return size;
	}

	private static void write(MergedFamily merged, SegmentWriter writer) {
		Family family = merged.family();
		if (merged.series().stream().noneMatch(MergedSeries::isPresent)) {
			return;
		}
		int familyOffset = writer.append(RecordEncoder.family(family));
		for (MergedSeries series : merged.series()) {
			if (series.isPresent()) {
				write(series, family, familyOffset, writer);
			}
		}
	}

	private static void write(MergedSeries series, Family family, int familyOffset, SegmentWriter writer) {
		for (int block = 0; block < series.blocks(); block++) {
			int cells = writer.allocateCells(family.cellBytes(), SegmentLayout.ALIGNMENT);
			series.write(block, writer.region(), cells);
			writer.append(RecordEncoder.series(familyOffset, cells, series.createdMillis(), labelValues(series)));
		}
	}

	private static List<String> labelValues(MergedSeries series) {
		String instance = series.instance();
		if (instance == null) {
			return series.labelValues();
		}
		List<String> values = new ArrayList<>(series.labelValues());
		values.add(instance);
		return values;
	}

	private void replace(Region content) throws IOException {
		Path file = file(this.store);
		Path temporary = file.resolveSibling("totals.tmp");
		Files.deleteIfExists(temporary);
		try (FileChannel channel = FileChannel.open(temporary, Set.of(CREATE_NEW, WRITE),
				Permissions.ownerOnlyFile(temporary))) {
			ByteBuffer bytes = content.slice(0, content.capacity());
			while (bytes.hasRemaining()) {
				channel.write(bytes);
			}
			channel.force(true);
		}
		Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
	}

}
