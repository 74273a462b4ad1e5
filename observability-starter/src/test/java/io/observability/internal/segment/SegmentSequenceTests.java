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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.observability.internal.instance.Slot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Names of segment files, and how they are found.
 */
class SegmentSequenceTests {

	private static final String INSTANCE = "00112233aabbccdd";

	@TempDir
	private Path directory;

	@Test
	void fileNamesCarryKindWriterIndexAndStage() {
		assertThat(sequence(SegmentKind.METRICS, 5).segmentFile(7))
			.isEqualTo(this.directory.resolve("metrics-00112233aabbccdd-5-7.seg"));
		assertThat(sequence(SegmentKind.LOG, 5).file(7, SegmentStage.TEMPORARY))
			.isEqualTo(this.directory.resolve("log-00112233aabbccdd-5-7.tmp"));
		assertThat(sequence(SegmentKind.LOG, 5).file(7, SegmentStage.FREE))
			.isEqualTo(this.directory.resolve("log-00112233aabbccdd-5-7.free"));
	}

	@Test
	void listsTheFilesOfEachSequenceByIndex() throws IOException {
		create("log-00112233aabbccdd-0-9.seg", "log-00112233aabbccdd-0-11.seg", "log-00112233aabbccdd-0-8.free",
				"log-00112233aabbccdd-0-10.seg", "log-00112233aabbccdd-1-0.tmp", "metrics-00112233aabbccdd-0-0.seg");
		SegmentSequence first = sequence(SegmentKind.LOG, 0);
		SegmentSequence second = sequence(SegmentKind.LOG, 1);
		assertThat(SegmentSequence.list(slot(), SegmentKind.LOG)).containsOnlyKeys(first, second)
			.containsEntry(first,
					List.of(listed(first, 8, SegmentStage.FREE), listed(first, 9, SegmentStage.READABLE),
							listed(first, 10, SegmentStage.READABLE), listed(first, 11, SegmentStage.READABLE)))
			.containsEntry(second, List.of(listed(second, 0, SegmentStage.TEMPORARY)));
		assertThat(first.files()).extracting(ListedSegment::index).containsExactly(8, 9, 10, 11);
		assertThat(sequence(SegmentKind.LOG, 2).files()).isEmpty();
	}

	@Test
	void otherFilesAreNoSegments() throws IOException {
		create("lock", "instance", "log-00112233aabbccdd-0-0.txt", "log-00112233aabbccd-0-0.seg",
				"log-00112233AABBCCDD-0-0.seg", "log-00112233aabbccdd-0-9999999999.seg",
				"log-00112233aabbccdd-0--1.seg", "log-metrics-00112233aabbccdd-0-0.seg");
		assertThat(SegmentSequence.list(slot(), SegmentKind.LOG)).isEmpty();
		assertThat(SegmentSequence.list(slot(), SegmentKind.METRICS)).isEmpty();
	}

	@Test
	void slotWithoutFolderHasNoSegments() throws IOException {
		Slot missing = new Slot(1, this.directory.resolve("1"));
		assertThat(SegmentSequence.list(missing, SegmentKind.METRICS)).isEmpty();
	}

	@Test
	void sequencesAreOrderedBySlotThenInstanceThenNumber() {
		SegmentSequence sequence = sequence(SegmentKind.LOG, 10);
		assertThat(sequence).isGreaterThan(sequence(SegmentKind.LOG, 9))
			.isLessThan(new SegmentSequence(slot(), SegmentKind.LOG, new SequenceId("10112233aabbccdd", 0)))
			.isLessThan(new SegmentSequence(new Slot(4, this.directory), SegmentKind.LOG, new SequenceId(INSTANCE, 0)));
	}

	@Test
	void idOfAnInstanceIsTheNumberThatItsDigitsAre() {
		assertThat(SequenceId.of(0x0011_2233_aabb_ccddL, 5)).isEqualTo(new SequenceId(INSTANCE, 5));
		assertThat(SequenceId.of(-1, 0).instanceIdBits()).isEqualTo(-1);
	}

	private Slot slot() {
		return new Slot(3, this.directory);
	}

	private SegmentSequence sequence(SegmentKind kind, int number) {
		return new SegmentSequence(slot(), kind, new SequenceId(INSTANCE, number));
	}

	private static ListedSegment listed(SegmentSequence sequence, int index, SegmentStage stage) {
		return new ListedSegment(index, stage, sequence.file(index, stage));
	}

	private void create(String... names) throws IOException {
		for (String name : names) {
			Files.createFile(this.directory.resolve(name));
		}
	}

}
