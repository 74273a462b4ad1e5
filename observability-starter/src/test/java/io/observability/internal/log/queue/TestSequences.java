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

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import io.observability.internal.instance.ProcessLock;
import io.observability.internal.instance.Slot;
import io.observability.internal.memory.Region;
import io.observability.internal.segment.SegmentKind;
import io.observability.internal.segment.SegmentSequence;
import io.observability.internal.segment.SequenceId;

/** Writes sequences as several instances would, which live until {@link #dieAll()}. */
public final class TestSequences {

	static final int SEGMENT_SIZE = 4096;

	private final Path slots;

	private final Map<SegmentSequence, Segment> segments = new HashMap<>();

	private final Map<Integer, ProcessLock> locks = new HashMap<>();

	public TestSequences(Path slots) {
		this.slots = slots;
	}

	SegmentSequence sequence(int slot) {
		Path directory = this.slots.resolve(Integer.toString(slot));
		return new SegmentSequence(new Slot(slot, directory), SegmentKind.LOG,
				new SequenceId("%016x".formatted(slot + 0xabcL), 0));
	}

	/**
	 * Appends a line to the sequence of a slot, going to the next segment when it is
	 * full.
	 */
	public void append(int slot, long time, String line) throws IOException {
		byte[] text = (line + "\n").getBytes(StandardCharsets.UTF_8);
		SegmentSequence sequence = sequence(slot);
		Segment segment = this.segments.get(sequence);
		if (segment == null) {
			segment = create(sequence, 0, text.length);
		}
		if (!segment.append(new Claim(Thread.currentThread()), Level.INFO, time, text, text.length)) {
			Segment next = create(sequence, segment.index() + 1, text.length);
			segment.end(LogRecordLayout.CONTINUED);
			next.append(new Claim(Thread.currentThread()), Level.INFO, time, text, text.length);
		}
	}

	private Segment create(SegmentSequence sequence, int index, int textLength) throws IOException {
		Files.createDirectories(sequence.slot().directory());
		if (!this.locks.containsKey(sequence.slot().number())) {
			this.locks.put(sequence.slot().number(),
					ProcessLock.tryAcquire(sequence.slot().directory().resolve("lock")));
		}
		int size = Math.max(SEGMENT_SIZE, Segment.sizeFor(textLength));
		Segment segment = Segment.format(Region.create(sequence.segmentFile(index), size), sequence, index);
		this.segments.put(sequence, segment);
		return segment;
	}

	public void dieAll() throws IOException {
		for (ProcessLock lock : this.locks.values()) {
			lock.close();
		}
		this.locks.clear();
		this.segments.clear();
	}

	Segment segment(int slot) {
		return this.segments.get(sequence(slot));
	}

}
