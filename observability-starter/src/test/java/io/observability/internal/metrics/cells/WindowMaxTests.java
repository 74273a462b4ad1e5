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

package io.observability.internal.metrics.cells;

import java.util.List;
import java.util.concurrent.CyclicBarrier;

import io.observability.internal.metrics.format.Families;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.WindowMaxFamily;
import io.observability.internal.metrics.format.WindowMaxLayout;
import io.observability.internal.metrics.read.MergedSeries;
import io.observability.internal.metrics.read.MergedWindowMax;
import io.observability.internal.metrics.read.Merger;
import io.observability.internal.metrics.read.Segment;
import io.observability.internal.metrics.read.SegmentReader;
import io.observability.testing.Together;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A maximum over three windows of a second each.
 */
// Numbers in tests are small.
@SuppressWarnings({ "LongDoubleConversion", "IntLongMath", "NarrowCalculation" })
class WindowMaxTests {

	private static final long NOW = 1_800_000_000_000L;

	private final Segment segment = new Segment("a");

	private final WindowMax max = this.segment.windowMax(Families.MAX, NOW);

	@Test
	void isZeroBeforeAnythingIsRecorded() {
		assertThat(this.max.max(NOW)).isZero();
		assertThat(merged(NOW, this.segment)).isZero();
	}

	@Test
	void isTheGreatestRecordedValue() {
		this.max.record(2);
		this.max.record(7.5);
		this.max.record(3);
		assertThat(this.max.max(NOW)).isEqualTo(7.5);
		assertThat(merged(NOW, this.segment)).isEqualTo(7.5);
	}

	@Test
	void expiresWithItsWindow() {
		this.max.record(9);
		this.max.rotate(NOW + 1000);
		this.max.record(4);
		assertThat(this.max.max(NOW + 2999)).isEqualTo(9);
		assertThat(merged(NOW + 2999, this.segment)).isEqualTo(9);
		assertThat(this.max.max(NOW + 3000)).isEqualTo(4);
		assertThat(merged(NOW + 3000, this.segment)).isEqualTo(4);
		assertThat(this.max.max(NOW + 4000)).isZero();
		assertThat(merged(NOW + 4000, this.segment)).isZero();
	}

	@Test
	void expiresInTheFilesOfInstancesThatDoNotMoveOn() {
		this.max.record(9);
		assertThat(merged(NOW + 2999, this.segment)).isEqualTo(9);
		assertThat(merged(NOW + 3000, this.segment)).isZero();
		assertThat(merged(NOW + 1_000_000, this.segment)).isZero();
	}

	@Test
	void longPauseLeavesNothingOld() {
		this.max.record(9);
		this.max.rotate(NOW + 61_000);
		this.max.record(1);
		assertThat(this.max.max(NOW + 61_000)).isEqualTo(1);
	}

	@Test
	void clockThatGoesBackBeginsNoInterval() {
		this.max.record(9);
		this.max.rotate(NOW - 5000);
		this.max.record(3);
		assertThat(this.max.max(NOW)).isEqualTo(9);
	}

	@Test
	void isTheGreatestOfAllInstances() {
		Segment other = new Segment("b");
		WindowMax later = other.windowMax(Families.MAX, NOW + 2000);
		this.max.record(5);
		later.record(3);
		assertThat(merged(NOW + 2000, this.segment, other)).isEqualTo(5);
		assertThat(merged(NOW + 2000, other, this.segment)).isEqualTo(5);
		assertThat(merged(NOW + 3000, this.segment, other)).isEqualTo(3);
		assertThat(merged(NOW + 3000, other, this.segment)).isEqualTo(3);
	}

	@Test
	void isDividedAsTheFamilySays() {
		WindowMaxFamily seconds = Family.windowMax("latency_seconds_max", "", List.of(), 1e9, 3, 1000);
		Segment other = new Segment("b");
		other.windowMax(seconds, NOW).record(2.5e9);
		assertThat(merged(NOW, other)).isEqualTo(2.5);
	}

	@Test
	void noMaximumOfManyThreadsIsLost() throws Exception {
		int threads = 4;
		CyclicBarrier round = new CyclicBarrier(threads);
		Together.run(threads, (thread) -> {
			for (int i = 1; i <= 20_000; i++) {
				this.max.record(i * threads + (thread + i) % threads);
				if (i % 10 == 0) {
					round.await();
					assertThat(this.max.max(NOW)).isEqualTo(i * threads + threads - 1);
					round.await();
				}
			}
		});
	}

	@ParameterizedTest
	@ValueSource(longs = { -1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 1, Long.MAX_VALUE / 2 })
	@Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void senselessIntervalInAFileHarmsNoReader(long interval) {
		Segment damaged = new Segment("b");
		Cells cells = damaged.cells(Families.MAX);
		cells.region().putLong(WindowMaxLayout.intervalOffset(cells.offset()), interval);
		this.max.record(5);
		assertThat(merged(NOW, this.segment, damaged)).isNotNegative();
		assertThat(merged(NOW, damaged, this.segment)).isNotNegative();
	}

	private static double merged(long nowMillis, Segment... segments) {
		Merger merger = new Merger();
		List<SegmentReader> readers = List.of(segments).stream().map(Segment::read).toList();
		merger.begin(readers);
		readers.forEach((reader) -> merger.add(reader, false));
		MergedSeries series = merger.families().iterator().next().series().iterator().next();
		return ((MergedWindowMax) series).max(nowMillis);
	}

}
