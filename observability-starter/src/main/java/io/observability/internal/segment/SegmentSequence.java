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

package io.observability.internal.segment;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.observability.internal.instance.Slot;
import io.observability.internal.memory.StoreFolders;

/**
 * The segments that one writer of one instance fills one after the other. The file of a
 * segment is {@code <kind>-<instance>-<number>-<index>.<stage>}.
 *
 * @param slot the writer's slot
 * @param kind what its records are
 * @param id identifies it among all sequences of this kind
 */
public record SegmentSequence(Slot slot, SegmentKind kind, SequenceId id) implements Comparable<SegmentSequence> {

	private static final Pattern FILE_NAME = Pattern
		.compile("[a-z]+-([0-9a-f]{16})-(\\d{1,9})-(\\d{1,9})\\.(seg|free|tmp)");

	private static final Comparator<SegmentSequence> ORDER = Comparator
		.comparingInt((SegmentSequence sequence) -> sequence.slot.number())
		.thenComparing(SegmentSequence::kind)
		.thenComparing(SegmentSequence::id);

	/** Returns the file of a segment that readers may open. */
	public Path segmentFile(int index) {
		return file(index, SegmentStage.READABLE);
	}

	/** Returns the file of a segment at a stage of its life. */
	public Path file(int index, SegmentStage stage) {
		return this.slot.directory()
			.resolve(this.kind.prefix() + "-" + this.id.instanceId() + "-" + this.id.number() + "-" + index + "."
					+ stage.extension());
	}

	/**
	 * Lists the files of this sequence.
	 * @return its files, by index
	 * @throws IOException if the slot's folder can't be read
	 */
	public List<ListedSegment> files() throws IOException {
		return list(this.slot, this.kind).getOrDefault(this, List.of());
	}

	/**
	 * Finds a file of this sequence that readers may open.
	 * @param index all lower ones, and this one, are left out
	 * @return the index of the next file, or nothing if there is none
	 * @throws IOException if the slot's folder can't be read
	 */
	public OptionalInt firstReadableBehind(int index) throws IOException {
		return files().stream()
			.filter((file) -> file.isReadable() && file.index() > index)
			.mapToInt(ListedSegment::index)
			.min();
	}

	/**
	 * Lists the files in a slot.
	 * @param slot the slot, whose folder need not exist
	 * @param kind of the sequences
	 * @return the files of each sequence, by index
	 * @throws IOException if the folder can't be read
	 */
	public static SortedMap<SegmentSequence, List<ListedSegment>> list(Slot slot, SegmentKind kind) throws IOException {
		SortedMap<SegmentSequence, List<ListedSegment>> found = new TreeMap<>();
		try {
			for (Path path : StoreFolders.list(slot.directory(), kind.prefix() + "-", "")) {
				Matcher name = FILE_NAME.matcher(path.getFileName().toString());
				if (name.matches()) {
					SequenceId id = new SequenceId(name.group(1), Integer.parseInt(name.group(2)));
					found.computeIfAbsent(new SegmentSequence(slot, kind, id), (sequence) -> new ArrayList<>())
						.add(new ListedSegment(Integer.parseInt(name.group(3)), SegmentStage.of(name.group(4)), path));
				}
			}
		}
		catch (NoSuchFileException ex) {
			return new TreeMap<>();
		}
		found.values().forEach((files) -> files.sort(Comparator.comparingInt(ListedSegment::index)));
		return found;
	}

	@Override
	public int compareTo(SegmentSequence other) {
		return ORDER.compare(this, other);
	}

}
