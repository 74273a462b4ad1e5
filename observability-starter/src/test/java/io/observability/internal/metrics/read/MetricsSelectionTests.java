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

package io.observability.internal.metrics.read;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.MetricType;
import io.observability.internal.metrics.format.TotalsFamily;
import io.observability.testing.TestFleet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Some of the metrics, in all and by instance.
 */
class MetricsSelectionTests {

	private static final TotalsFamily ORDERS = Family.totals("orders", "", MetricType.COUNTER, List.of(), List.of(), 1);

	private static final TotalsFamily RETURNS = Family.totals("returns", "", MetricType.COUNTER, List.of(), List.of(),
			1);

	@TempDir
	private Path directory;

	private TestFleet fleet;

	private FleetMetrics observer;

	private final MetricsSelection selection = new MetricsSelection(Set.of("orders"));

	@BeforeEach
	void start() {
		this.fleet = TestFleet.in(this.directory);
		this.observer = this.fleet.observer();
	}

	@AfterEach
	void stop() {
		this.fleet.close();
	}

	/** By slot; -1 is the whole fleet. */
	private SortedMap<Integer, Double> selected() throws IOException {
		return this.observer.collect(this.selection, (selected) -> {
			SortedMap<Integer, Double> sums = new TreeMap<>();
			sums.put(-1, sum(List.copyOf(selected.all())));
			selected.bySlot().forEach((slot, families) -> sums.put(slot, sum(List.copyOf(families))));
			return sums;
		});
	}

	private static double sum(List<MergedFamily> families) {
		assertThat(families).allMatch((family) -> family.family().name().equals("orders"));
		return families.stream()
			.flatMap((family) -> family.series().stream())
			.mapToDouble((series) -> ((MergedTotals) series).sum())
			.sum();
	}

	private static void count(TestFleet.Member member, TotalsFamily family, int amount) {
		member.writer().totals(family, List.of()).add(amount);
	}

	@Test
	void livingInstancesAreToldApartAndEndedOnesAreInTheWhole() throws IOException {
		TestFleet.Member first = this.fleet.start();
		TestFleet.Member second = this.fleet.start();
		count(first, RETURNS, 100);
		count(first, ORDERS, 1);
		count(second, ORDERS, 10);
		assertThat(selected()).containsExactlyInAnyOrderEntriesOf(new TreeMap<>(Map.of(-1, 11.0, 0, 1.0, 1, 10.0)));

		count(first, ORDERS, 1);
		second.kill();
		assertThat(selected()).containsOnlyKeys(-1, 0).containsEntry(-1, 12.0).containsEntry(0, 2.0);

		this.fleet.fold();
		assertThat(selected()).containsOnlyKeys(-1, 0).containsEntry(-1, 12.0);

		TestFleet.Member third = this.fleet.start();
		count(third, ORDERS, 5);
		assertThat(selected()).containsEntry(-1, 17.0).containsEntry(1, 5.0);
	}

	@Test
	void wholeCollectionIsNotDisturbed() throws IOException {
		count(this.fleet.start(), ORDERS, 1);
		selected();

		double all = this.observer.collect((families) -> families.size());

		assertThat(all).isEqualTo(1);
	}

}
