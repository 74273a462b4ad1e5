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

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.observability.internal.metrics.format.Families;
import io.observability.internal.metrics.format.MetricsSegmentLayout;
import io.observability.internal.metrics.read.RegionSegments;
import io.observability.internal.metrics.read.SegmentReader;
import io.observability.testing.TestFleet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where series and their stripes are put.
 */
class WriterSegmentsTests {

	@TempDir
	private Path directory;

	private TestFleet fleet;

	private WriterSegments segments;

	@BeforeEach
	void open() {
		this.fleet = TestFleet.in(this.directory);
		this.segments = WriterSegments.inFiles(this.fleet.start().instance(), 1, this.fleet.problems(),
				WriterSegments.files(this.fleet.problems(), System::nanoTime));
	}

	@AfterEach
	void close() {
		this.fleet.close();
	}

	private int sharedRecords() throws IOException {
		return new RegionSegments().refresh(this.segments.all())
			.stream()
			.map(SegmentReader::series)
			.mapToInt(List::size)
			.sum();
	}

	@Test
	void stripesAreWhereTheirSeriesIs() throws IOException {
		List<String> within = List.of("within the limit");
		List<String> beyond = List.of("beyond the limit");
		CellAppender shared = this.segments.admit(Families.COUNTER, within);
		shared.append(Families.COUNTER, within, MetricsSegmentLayout.ALIGNMENT);
		int stripes = new TotalsStripes(Families.COUNTER, within, shared).get().length;
		assertThat(sharedRecords()).isEqualTo(1 + stripes);

		CellAppender unshared = this.segments.admit(Families.COUNTER, beyond);
		unshared.append(Families.COUNTER, beyond, MetricsSegmentLayout.ALIGNMENT);
		assertThat(new TotalsStripes(Families.COUNTER, beyond, unshared).get()).hasSize(stripes);
		assertThat(sharedRecords()).isEqualTo(1 + stripes);
	}

	@Test
	void seriesBeyondTheLimitIsReportedOnceAndCounted() {
		for (int i = 0; i < 4; i++) {
			this.segments.admit(Families.COUNTER, List.of("shop-" + i));
		}
		Map<Integer, Integer> missing = new TreeMap<>();
		this.segments.addMissingSeries(missing);
		assertThat(missing).isEqualTo(Map.of(0, 3));
		assertThat(this.fleet.warnings()).singleElement().asString().contains("orders[shop-1]");
	}

}
