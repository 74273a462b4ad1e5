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

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import io.observability.internal.memory.Region;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.MetricsSegmentLayout;
import io.observability.internal.metrics.format.RecordEncoder;
import io.observability.internal.metrics.read.ArchiveFile;
import io.observability.internal.metrics.read.MergedFamily;
import io.observability.internal.metrics.read.MergedSeries;
import io.observability.internal.metrics.read.Merger;
import io.observability.internal.metrics.read.SegmentReader;
import io.observability.internal.metrics.read.SequenceReader;
import io.observability.internal.metrics.write.SegmentWriter;
import io.observability.internal.segment.SequenceId;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an archive: the totals of the one before and of the sequences that are
 * folded, with a FOLDED record for each.
 */
final class ArchiveContent {

	private ArchiveContent() {
	}

	/**
	 * Creates the next generation.
	 * @param archive the one before, or null if there is none
	 * @param ended sequences to be folded
	 * @param expiry which series have expired, or null if none has
	 * @param nowMillis the time, since the epoch
	 * @return the bytes of the file
	 */
	static Region next(@Nullable SegmentReader archive, List<SequenceReader> ended, @Nullable Expiry expiry,
			long nowMillis) {
		Merger merger = new Merger();
		List<SegmentReader> segments = new ArrayList<>();
		ended.forEach((sequence) -> segments.addAll(sequence.segments()));
		if (archive != null) {
			segments.add(archive);
		}
		merger.begin(segments);
		segments.forEach((segment) -> merger.add(segment, false));
		int generation = ((archive != null) ? archive.header().index() : 0) + 1;
		List<byte[]> notes = notes(archive, ended, generation);
		Region region = Region.allocate(size(merger.families(), notes));
		SegmentWriter writer = new SegmentWriter(region, null);
		writer.open(SequenceId.of(0, 0), generation, MetricsSegmentLayout.STATE_ARCHIVE, "", nowMillis);
		notes.forEach(writer::append);
		for (MergedFamily family : merger.families()) {
			write(family, expiry, writer, nowMillis);
		}
		return region;
	}

	private static List<byte[]> notes(@Nullable SegmentReader archive, List<SequenceReader> ended, int generation) {
		List<byte[]> notes = new ArrayList<>();
		if (archive != null) {
			for (Map.Entry<SequenceId, Integer> folded : archive.folded().entrySet()) {
				if (generation - folded.getValue() <= ArchiveFile.REMEMBERED_GENERATIONS) {
					notes.add(RecordEncoder.folded(folded.getKey(), folded.getValue()));
				}
			}
		}
		ended.forEach((sequence) -> notes.add(RecordEncoder.folded(sequence.id(), generation)));
		return notes;
	}

	private static int size(Collection<MergedFamily> families, List<byte[]> notes) {
		int size = MetricsSegmentLayout.headerLength(0) + MetricsSegmentLayout.ALIGNMENT;
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

	private static void write(MergedFamily merged, @Nullable Expiry expiry, SegmentWriter writer, long nowMillis) {
		Family family = merged.family();
		List<MergedSeries> kept = merged.series()
			.stream()
			.filter((series) -> series.isPresent() && (expiry == null || !expiry.isExpired(family, series)))
			.toList();
		if (kept.isEmpty()) {
			return;
		}
		int familyOffset = writer.append(RecordEncoder.family(family));
		kept.forEach((series) -> write(series, family, familyOffset, writer, nowMillis));
	}

	private static void write(MergedSeries series, Family family, int familyOffset, SegmentWriter writer,
			long nowMillis) {
		long ended = Math.min(series.endedMillis(), nowMillis);
		for (int block = 0; block < series.blocks(); block++) {
			int cells = writer.allocateCells(family.cellBytes(), MetricsSegmentLayout.ALIGNMENT);
			series.write(block, writer.region(), cells);
			writer
				.append(RecordEncoder.series(familyOffset, cells, series.createdMillis(), ended, labelValues(series)));
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

}
