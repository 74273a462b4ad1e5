package io.observability.store;

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

import io.observability.instance.InstanceInfo;
import io.observability.instance.Occupant;
import io.observability.instance.Slot;
import io.observability.memory.ReadBuffer;
import io.observability.memory.Uninterruptibly;

/**
 * Reads the segments of one chain. One thread at a time.
 */
final class ChainReader implements Closeable {

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
	void refresh(Set<Integer> indexes) {
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
	void deleteFiles() throws IOException {
		for (int index : this.indexes) {
			Files.deleteIfExists(file(index));
		}
	}

	private Path file(int index) {
		return this.slot.directory().resolve(this.chain.fileName(index));
	}

	ChainId chain() {
		return this.chain;
	}

	Slot slot() {
		return this.slot;
	}

	/** Segments as last read. */
	List<SegmentReader> segments() {
		return this.segments;
	}

	boolean isLive() {
		return this.live;
	}

	/** Whether all of it could be read. */
	boolean isWhole() {
		return this.whole;
	}

	/** Whether some of it could not be read, for now or by this version. */
	boolean isUnreadable() {
		return this.unreadable;
	}

	@Override
	public void close() throws IOException {
		for (SegmentReader reader : this.readers.values()) {
			reader.close();
		}
	}

}
