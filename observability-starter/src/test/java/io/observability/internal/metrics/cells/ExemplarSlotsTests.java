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

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

import io.observability.internal.memory.Region;
import io.observability.internal.metrics.format.ExemplarsLayout;
import io.observability.internal.metrics.format.Families;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.read.MergedExemplars;
import io.observability.internal.metrics.read.MergedSeries;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Exemplars are read whole or not at all, and the newest wins.
 */
class ExemplarSlotsTests {

	private static final Family FAMILY = Families.HISTOGRAM.exemplars();

	private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

	private static final String SPAN = "b7ad6b7169203331";

	private static Exemplar exemplar(double value, long time) {
		return new Exemplar(value, time, TRACE, SPAN);
	}

	private static ByteBuffer cells(ByteBuffer region) {
		return region.order(ByteOrder.LITTLE_ENDIAN);
	}

	private static MergedExemplars merged() {
		return (MergedExemplars) MergedSeries.of(FAMILY, List.of(), null);
	}

	@Test
	void newestOfEachBucketWins() {
		Region first = Region.allocate(FAMILY.cellBytes());
		Region second = Region.allocate(FAMILY.cellBytes());
		new ExemplarSlots(new Cells(first, 0, FAMILY.cellBytes())).set(0, exemplar(0.05, 10));
		new ExemplarSlots(new Cells(first, 0, FAMILY.cellBytes())).set(2, exemplar(7, 30));
		new ExemplarSlots(new Cells(second, 0, FAMILY.cellBytes())).set(0, exemplar(0.06, 20));
		new ExemplarSlots(new Cells(second, 0, FAMILY.cellBytes())).set(2, exemplar(8, 20));
		for (List<Region> order : List.of(List.of(first, second), List.of(second, first))) {
			MergedExemplars merged = merged();
			order.forEach((region) -> merged.add(region.slice(0, FAMILY.cellBytes()), 0, true));
			assertThat(merged.exemplars()).containsExactly(exemplar(0.06, 20), exemplar(7, 30));
		}
	}

	@Test
	void whatWasWrittenForTheArchiveIsReadAgain() {
		Region region = Region.allocate(FAMILY.cellBytes());
		new ExemplarSlots(new Cells(region, 0, FAMILY.cellBytes())).set(1, new Exemplar(0.3, 10, "t", ""));
		MergedExemplars merged = merged();
		merged.add(region.slice(0, FAMILY.cellBytes()), 0, false);
		Region archive = Region.allocate(FAMILY.cellBytes());
		merged.write(0, archive, 0);
		merged.clear();
		assertThat(merged.isPresent()).isFalse();
		merged.add(archive.slice(0, FAMILY.cellBytes()), 0, false);
		assertThat(merged.exemplars()).containsExactly(new Exemplar(0.3, 10, "t", ""));
	}

	@Test
	void exemplarThatIsHalfWrittenIsNone() {
		byte[] before = exemplar(1, 10).encode();
		byte[] after = new Exemplar(2, 20, TRACE.replace('0', '1'), SPAN.replace('3', '4')).encode();
		assertThat(before).isNotNull();
		assertThat(after).isNotNull();
		for (int written = 0; written <= after.length; written++) {
			byte[] bytes = before.clone();
			System.arraycopy(after, 0, bytes, 0, written);
			Exemplar read = Exemplar.decode(cells(ByteBuffer.wrap(bytes)), 0);
			boolean whole = Arrays.equals(bytes, before) || Arrays.equals(bytes, after);
			assertThat(read != null).as("%d bytes are written", written).isEqualTo(whole);
		}
		assertThat(Exemplar.decode(cells(ByteBuffer.wrap(after)), 0)).isNotNull();
	}

	@Test
	void nextExemplarRepairsAHalfWrittenOne() {
		Region region = Region.allocate(FAMILY.cellBytes());
		ExemplarSlots slots = new ExemplarSlots(new Cells(region, 0, FAMILY.cellBytes()));
		slots.set(0, exemplar(1, 10));
		region.putLong(ExemplarsLayout.valueOffset(0), 0);
		MergedExemplars merged = merged();
		merged.add(region.slice(0, FAMILY.cellBytes()), 0, true);
		assertThat(merged.exemplars()).isEmpty();
		slots.set(0, exemplar(2, 20));
		merged.add(region.slice(0, FAMILY.cellBytes()), 0, true);
		assertThat(merged.exemplars()).containsExactly(exemplar(2, 20));
	}

	@ParameterizedTest
	@ValueSource(ints = { 33, 200 })
	void idsThatAreTooLongAreNotKept(int length) {
		assertThat(new Exemplar(1, 1, "a".repeat(length), SPAN).encode()).isNull();
		assertThat(new Exemplar(1, 1, TRACE, "a".repeat(length - 16)).encode()).isNull();
	}

}
