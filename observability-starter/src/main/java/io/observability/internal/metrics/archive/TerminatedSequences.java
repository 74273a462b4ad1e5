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

package io.observability.internal.metrics.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.observability.internal.instance.Slot;
import io.observability.internal.instance.Slots;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.memory.Uninterruptibly;
import io.observability.internal.metrics.format.MetricsSegmentLayout;
import io.observability.internal.segment.CorruptSegmentException;
import io.observability.internal.segment.ListedSegment;
import io.observability.internal.segment.SegmentKind;
import io.observability.internal.segment.SegmentSequence;
import io.observability.internal.segment.SegmentSource;
import io.observability.internal.segment.WriterLiveness;

/**
 * A cheap check whether there is anything to fold, which reads no more than names and a
 * few bytes of each file: most of the time there is nothing. One thread at a time.
 */
final class TerminatedSequences {

	private final Slots slots;

	private final ReadBuffer buffer = new ReadBuffer(MetricsSegmentLayout.NAME_OFFSET);

	TerminatedSequences(StoreDirectory store) {
		this.slots = new Slots(store);
	}

	/** Returns whether there is a sequence to which nothing will be added. */
	boolean exist() throws IOException {
		for (Slot slot : this.slots.list()) {
			WriterLiveness writers = new WriterLiveness(slot);
			for (Map.Entry<SegmentSequence, List<ListedSegment>> sequence : SegmentSequence
				.list(slot, SegmentKind.METRICS)
				.entrySet()) {
				if (!writers.isAlive(sequence.getKey().id()) || isClosed(sequence.getValue())) {
					return true;
				}
			}
		}
		return false;
	}

	private boolean isClosed(List<ListedSegment> segments) throws IOException {
		for (ListedSegment segment : segments) {
			try {
				if (Uninterruptibly.call(() -> isClosed(segment.path()))) {
					return true;
				}
			}
			catch (NoSuchFileException ex) {
				// Folded by another instance meanwhile.
			}
		}
		return false;
	}

	/** In doubt, it is not: a fold does not take in what it can't read, either. */
	private boolean isClosed(Path file) throws IOException {
		try (SegmentSource source = SegmentSource.of(file, this.buffer)) {
			ByteBuffer header = source.read(0, MetricsSegmentLayout.NAME_OFFSET);
			MetricsSegmentLayout.FORMAT.check(header);
			return header.getInt(MetricsSegmentLayout.STATE_OFFSET) == MetricsSegmentLayout.STATE_CLOSED;
		}
		catch (CorruptSegmentException ex) {
			return false;
		}
	}

}
