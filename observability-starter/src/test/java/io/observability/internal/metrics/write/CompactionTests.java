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

package io.observability.internal.metrics.write;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.observability.GaugeMode;
import io.observability.internal.instance.Instance;
import io.observability.internal.instance.Slot;
import io.observability.internal.metrics.cells.Sample;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.MetricType;
import io.observability.internal.metrics.format.SampleFamily;
import io.observability.internal.metrics.read.FleetMetrics;
import io.observability.internal.segment.SequenceId;
import io.observability.testing.Shown;
import io.observability.testing.TestFleet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * An error in the middle of a compaction.
 */
class CompactionTests {

	private static final SampleFamily STATE = Family.samples("state", "", MetricType.GAUGE, GaugeMode.SUM,
			List.of("row"), List.of());

	/** As many as make a writer compact its segments. */
	private static final int RELEASED = 1000;

	/** When what has failed is tried again. */
	private static final Duration RETRY = Duration.ofSeconds(11);

	@TempDir
	private Path directory;

	private TestFleet fleet;

	private SeriesTable series;

	private WriterSegments segments;

	private SegmentRepair repair;

	private @Nullable Step failing;

	private long nanos;

	@BeforeEach
	void open() {
		this.fleet = TestFleet.in(this.directory);
		Instance instance = this.fleet.start().instance();
		this.segments = WriterSegments.inFiles(instance, 1_000_000, this.fleet.problems(), FailingFiles::new);
		this.series = new SeriesTable(this.segments);
		this.repair = new SegmentRepair(instance, this.segments, this.series, this.fleet.problems(),
				this.segments.readable());
	}

	@AfterEach
	void close() {
		this.fleet.close();
	}

	private Sample gauge(String row, double value) {
		Sample sample = (Sample) this.series.get(STATE, List.of(row), (cells, labels, appender) -> Sample.current(cells,
				(released) -> this.series.release(STATE, labels, released)));
		sample.set(value, 1);
		return sample;
	}

	/** Registers and releases as many gauges as make the writer compact. */
	private void churn() {
		for (int i = 0; i < RELEASED; i++) {
			gauge("removed-" + i, 1).release();
		}
	}

	@ParameterizedTest
	@EnumSource
	void errorAtAnyStepLeavesAllGaugesOrIsMendedByTheNextRepair(Step step) {
		FleetMetrics observer = this.fleet.observer();
		Sample stays = gauge("stays", 1);
		Sample goes = gauge("goes", 1);
		this.failing = step;
		churn();
		assertThat(this.failing).isNull();
		Sample added = gauge("added", 1);
		this.repair.run();
		stays.set(2, 2);
		added.set(3, 2);
		goes.release();
		assertThat(Shown.by(observer)).containsExactly(entry("state{row=added}", "3.0"),
				entry("state{row=stays}", "2.0"));
		this.nanos += RETRY.toNanos();
		churn();
		stays.set(4, 3);
		assertThat(Shown.by(observer)).containsExactly(entry("state{row=added}", "3.0"),
				entry("state{row=stays}", "4.0"));
		assertThat(this.segments.sequences()).noneMatch(SequenceWriter::isHalfReplaced);
		assertThat(this.fleet.files()).noneMatch((file) -> file.toString().endsWith(".tmp"));
	}

	/** What is thrown before or after. */
	enum Step {

		BEFORE_THE_NEW_FILE, AFTER_THE_NEW_FILE, BEFORE_THE_RENAMING, AFTER_THE_RENAMING, AFTER_THE_MOVES

	}

	private final class FailingFiles extends SequenceFiles {

		private FailingFiles(SequenceId id, Slot slot) {
			super(id, slot, CompactionTests.this.fleet.problems(), () -> CompactionTests.this.nanos);
		}

		private void failAt(Step step) {
			if (CompactionTests.this.failing == step) {
				CompactionTests.this.failing = null;
				throw new OutOfMemoryError();
			}
		}

		@Override
		@Nullable SegmentWriter createReplacement(int index, int size) {
			failAt(Step.BEFORE_THE_NEW_FILE);
			SegmentWriter segment = super.createReplacement(index, size);
			failAt(Step.AFTER_THE_NEW_FILE);
			return segment;
		}

		@Override
		boolean publishReplacement(int index) {
			failAt(Step.BEFORE_THE_RENAMING);
			boolean published = super.publishReplacement(index);
			failAt(Step.AFTER_THE_RENAMING);
			return published;
		}

		@Override
		void onReplaced() {
			failAt(Step.AFTER_THE_MOVES);
			super.onReplaced();
		}

	}

}
