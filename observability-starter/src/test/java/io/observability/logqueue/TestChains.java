package io.observability.logqueue;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import io.observability.instance.ProcessLock;
import io.observability.instance.Slot;
import io.observability.memory.Region;

/** Writes chains as several instances would, which live until they are told to die. */
final class TestChains {

	static final int SEGMENT_SIZE = 4096;

	private final Path slots;

	private final Map<Chain, Segment> segments = new HashMap<>();

	private final Map<Integer, ProcessLock> locks = new HashMap<>();

	TestChains(Path slots) {
		this.slots = slots;
	}

	Chain chain(int slot) {
		Path directory = this.slots.resolve(Integer.toString(slot));
		return new Chain(new Slot(slot, directory), "%016x".formatted(slot + 0xabcL), 0);
	}

	/**
	 * Appends a line to the chain of a slot, going to the next segment when it is full.
	 */
	void append(int slot, long time, String line) throws IOException {
		byte[] text = (line + "\n").getBytes(StandardCharsets.UTF_8);
		Chain chain = chain(slot);
		Segment segment = this.segments.get(chain);
		if (segment == null) {
			segment = create(chain, 0, text.length);
		}
		if (!segment.append(Level.INFO, time, text, text.length)) {
			Segment next = create(chain, segment.index() + 1, text.length);
			segment.end(RecordLayout.CONTINUED);
			next.append(Level.INFO, time, text, text.length);
		}
	}

	private Segment create(Chain chain, int index, int textLength) throws IOException {
		Files.createDirectories(chain.slot().directory());
		if (!this.locks.containsKey(chain.slot().number())) {
			this.locks.put(chain.slot().number(), ProcessLock.tryAcquire(chain.slot().directory().resolve("lock")));
		}
		int size = Math.max(SEGMENT_SIZE, Segment.sizeFor(textLength));
		Segment segment = Segment.format(Region.create(chain.segmentFile(index), size), chain, index);
		this.segments.put(chain, segment);
		return segment;
	}

	void dieAll() throws IOException {
		for (ProcessLock lock : this.locks.values()) {
			lock.close();
		}
		this.locks.clear();
		this.segments.clear();
	}

	Segment segment(int slot) {
		return this.segments.get(chain(slot));
	}

}
