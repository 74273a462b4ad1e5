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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.function.Function;

import io.observability.GaugeMode;
import io.observability.internal.metrics.cells.Sample;
import io.observability.internal.metrics.cells.Totals;
import io.observability.internal.metrics.format.Families;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.MetricType;
import io.observability.internal.metrics.format.SampleFamily;
import io.observability.internal.metrics.format.TotalsFamily;
import io.observability.testing.Shown;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

// Numbers in tests are small.
@SuppressWarnings({ "LongDoubleConversion", "IntLongMath", "NarrowCalculation" })
class MergerTests {

	private final Merger merger = new Merger();

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			ALL            | g{@a}=3.0, g{@b}=NaN, g{@c}=5.0, g{@d}=9.0, g{@e}=NaN, g{@f}=1.0
			SUM            | g=18.0
			MIN            | g=1.0
			MAX            | g=9.0
			MOSTRECENT     | g=9.0
			LIVEALL        | g{@a}=3.0, g{@b}=NaN, g{@c}=5.0
			LIVESUM        | g=8.0
			LIVEMIN        | g=3.0
			LIVEMAX        | g=5.0
			LIVEMOSTRECENT | g=5.0
			""")
	void gaugesMergeByMode(GaugeMode mode, String expected) {
		SampleFamily family = Families.gauge("g", mode);
		List<Contribution> contributions = new ArrayList<>(
				List.of(contribution("a", family, 3, 10, true), contribution("b", family, Double.NaN, 40, true),
						contribution("c", family, 5, 20, true), contribution("d", family, 9, 30, false),
						contribution("e", family, Double.NaN, 50, false), contribution("f", family, 1, 5, false)));
		Random random = new Random(1);
		for (int order = 0; order < 200; order++) {
			Collections.shuffle(contributions, random);
			assertThat(merge(contributions).toString()).isEqualTo("{" + expected + "}");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			ALL            | g{@a}=NaN
			SUM            | g=NaN
			MIN            | g=NaN
			MAX            | g=NaN
			MOSTRECENT     | g=NaN
			""")
	void gaugeWithoutANumberAnywhereHasNone(GaugeMode mode, String expected) {
		SampleFamily family = Families.gauge("g", mode);
		assertThat(merge(List.of(contribution("a", family, Double.NaN, 1, true))).toString())
			.isEqualTo("{" + expected + "}");
	}

	@ParameterizedTest
	@CsvSource({ "ALL,true", "SUM,true", "MIN,true", "MAX,true", "MOSTRECENT,true", "LIVEALL,false", "LIVESUM,false",
			"LIVEMIN,false", "LIVEMAX,false", "LIVEMOSTRECENT,false" })
	void gaugeOfEndedInstancesAloneIsShownUnlessLiveIsAskedFor(GaugeMode mode, boolean shown) {
		assertThat(merge(List.of(contribution("a", Families.gauge("g", mode), 3, 1, false)))).hasSize(shown ? 1 : 0);
	}

	@Test
	void newHolderOfASlotReplacesTheGaugeOfTheEndedOne() {
		SampleFamily family = Families.gauge("g", GaugeMode.ALL);
		Contribution ended = contribution("0", family, 7, 100, false);
		Contribution endedBefore = contribution("0", family, 6, 90, false);
		Contribution living = contribution("0", family, 1, 50, true);
		Contribution livingLater = contribution("0", family, 2, 60, true);
		assertThat(inEveryOrder(ended, endedBefore)).containsExactly(entry("g{@0}", "7.0"));
		assertThat(inEveryOrder(ended, endedBefore, living)).containsExactly(entry("g{@0}", "1.0"));
		assertThat(inEveryOrder(ended, endedBefore, living, livingLater)).containsExactly(entry("g{@0}", "2.0"));
	}

	@Test
	void totalsOfLivingAndEndedAddUp() {
		Segment living = new Segment("a");
		Segment ended = new Segment("b");
		for (Segment segment : List.of(living, ended)) {
			segment.totals(Families.COUNTER, "north").add(2);
			segment.totals(Families.COUNTER, "south").add(0.5);
			segment.totals(Families.HISTOGRAM).record(1, 2_000_000_000L);
			segment.totals(Families.SUMMARY).record(0, 4.5);
			segment.sample(Families.sampledCounter("asked")).set(10, 1);
		}
		living.totals(Families.HISTOGRAM).record(2, 1_000_000_000L);
		assertThat(merge(List.of(new Contribution(living, true), new Contribution(ended, false))))
			.containsExactlyInAnyOrderEntriesOf(Map.of("orders{shop=north}", "4.0", "orders{shop=south}", "1.0",
					"latency_seconds", "[0, 2, 1] 5.0", "size_bytes", "[2] 9.0", "asked", "20.0"));
	}

	@Test
	void seriesIsShownUnderEachCombinationOfLabels() {
		Segment segment = new Segment("a");
		segment.totals(Families.COUNTER, "").add(1);
		segment.totals(Families.COUNTER, "north").add(2);
		TotalsFamily otherLabels = Family.totals("orders", "", MetricType.COUNTER, List.of("shop", "kind"), List.of(),
				1);
		segment.totals(otherLabels, "north", "gift").add(4);
		assertThat(merge(List.of(new Contribution(segment, true)))).containsExactlyInAnyOrderEntriesOf(
				Map.of("orders{shop=}", "1.0", "orders{shop=north}", "2.0", "orders{shop=north,kind=gift}", "4.0"));
	}

	@Test
	void versionsThatDifferInHelpAddUp() {
		TotalsFamily reworded = Family.totals("orders", "Orders taken.", MetricType.COUNTER, List.of("shop"), List.of(),
				1);
		Segment old = new Segment("a");
		old.totals(Families.COUNTER, "north").add(1);
		Segment renewed = new Segment("b");
		renewed.totals(reworded, "north").add(2);
		assertThat(merge(List.of(new Contribution(old, true), new Contribution(renewed, true))))
			.containsExactly(entry("orders{shop=north}", "3.0"));
	}

	@Test
	void versionsThatDifferInBucketsUnitOrTypeAreKeptApart() {
		TotalsFamily moreBuckets = Family.totals("latency_seconds", "", MetricType.HISTOGRAM, List.of(),
				List.of(0.1, 0.2, 0.5), 1e9);
		TotalsFamily millis = Family.totals("latency_seconds", "", MetricType.HISTOGRAM, List.of(), List.of(0.1, 0.5),
				1e3);
		TotalsFamily summary = Family.totals("latency_seconds", "", MetricType.SUMMARY, List.of(), List.of(), 1e9);
		List<Contribution> contributions = new ArrayList<>();
		for (TotalsFamily family : List.of(Families.HISTOGRAM, moreBuckets, millis, summary)) {
			Segment segment = new Segment("v" + contributions.size());
			segment.totals(family).record(0, 1_000L);
			contributions.add(new Contribution(segment, true));
		}
		assertThat(merge(contributions).values()).containsExactlyInAnyOrder("[1, 0, 0] 1.0E-6", "[1, 0, 0, 0] 1.0E-6",
				"[1, 0, 0] 1.0", "[1] 1.0E-6");
	}

	@Test
	void versionsThatDifferInModeHaveThatOfTheFirst() {
		Contribution sum = contribution("a", Families.gauge("g", GaugeMode.SUM), 1, 1, true);
		Contribution all = contribution("b", Families.gauge("g", GaugeMode.ALL), 2, 1, true);
		assertThat(merge(List.of(sum, all))).containsExactly(entry("g", "3.0"));
	}

	@Test
	void collectionForgetsTheNumbersOfTheOneBefore() {
		Segment a = new Segment("a");
		Totals totals = a.totals(Families.COUNTER, "north");
		Sample gauge = a.sample(Families.gauge("g", GaugeMode.SUM));
		totals.add(1);
		gauge.set(5, 1);
		List<Contribution> contributions = List.of(new Contribution(a, true));
		merge(contributions);
		totals.add(1);
		gauge.clear();
		assertThat(merge(contributions)).containsExactly(entry("orders{shop=north}", "2.0"));
	}

	@Test
	void segmentsThatAreGoneLeaveNoSeriesBehind() {
		Segment a = new Segment("a");
		a.totals(Families.COUNTER, "north").add(1);
		Segment b = new Segment("b");
		b.totals(Families.COUNTER, "south").add(2);
		b.sample(Families.gauge("g", GaugeMode.ALL)).set(1, 1);
		merge(List.of(new Contribution(a, true), new Contribution(b, true)));
		assertThat(merge(List.of(new Contribution(a, true)))).containsExactly(entry("orders{shop=north}", "1.0"));
		assertThat(this.merger.families()).hasSize(1);
	}

	@Test
	void whatIsKnownIsNotWorkedOutAgain() {
		Segment a = new Segment("a");
		a.totals(Families.COUNTER, "north").add(1);
		List<Contribution> contributions = List.of(new Contribution(a, true));
		merge(contributions);
		MergedSeries series = this.merger.families().iterator().next().series().iterator().next();
		a.totals(Families.COUNTER, "south").add(1);
		merge(contributions);
		assertThat(this.merger.families().iterator().next().series()).hasSize(2).contains(series);
	}

	@Test
	void segmentOfCurrentValuesThatIsGoneLeavesTheRestAssigned() {
		Segment totals = new Segment("a");
		totals.totals(Families.COUNTER, "north").add(1);
		Segment former = new Segment("a");
		SampleFamily rows = Family.samples("rows", "", MetricType.GAUGE, GaugeMode.SUM, List.of("row"), List.of());
		former.sample(rows, "stays").set(1, 1);
		former.sample(rows, "released").set(2, 1);
		Segment other = new Segment("b");
		other.sample(rows, "stays").set(4, 1);
		merge(List.of(new Contribution(totals, true), new Contribution(former, true), new Contribution(other, true)));
		List<MergedFamily> before = List.copyOf(this.merger.families());
		Segment replacement = new Segment("a");
		replacement.sample(rows, "stays").set(8, 1);
		replacement.sample(rows, "new").set(16, 1);
		assertThat(merge(List.of(new Contribution(totals, true), new Contribution(replacement, true),
				new Contribution(other, true))))
			.containsExactlyInAnyOrderEntriesOf(
					Map.of("orders{shop=north}", "1.0", "rows{row=stays}", "12.0", "rows{row=new}", "16.0"));
		List<MergedFamily> after = List.copyOf(this.merger.families());
		assertThat(after.get(0)).isSameAs(before.get(0));
		assertThat(after.get(1)).as("one that has lost a series").isNotSameAs(before.get(1));
		assertThat(after.get(1).series()).hasSize(2);
		merge(List.of(new Contribution(totals, true)));
		assertThat(this.merger.families()).containsExactly(before.get(0));
	}

	private SortedMap<String, String> inEveryOrder(Contribution... contributions) {
		List<Contribution> order = new ArrayList<>(Arrays.asList(contributions));
		SortedMap<String, String> first = merge(order);
		for (int i = 0; i < 50; i++) {
			Collections.shuffle(order, new Random(i));
			assertThat(merge(order)).isEqualTo(first);
		}
		return first;
	}

	private SortedMap<String, String> merge(List<Contribution> contributions) {
		List<SegmentReader> segments = contributions.stream().map((one) -> one.segment().read()).toList();
		this.merger.begin(segments);
		contributions.forEach((one) -> this.merger.add(one.segment().read(), one.live()));
		return Shown.by(new MetricsSource() {

			@Override
			public <T> T collect(Function<Collection<MergedFamily>, T> use) {
				return use.apply(MergerTests.this.merger.families());
			}

		});
	}

	private static Contribution contribution(String instance, SampleFamily family, double value, long changed,
			boolean live) {
		Segment segment = new Segment(instance);
		segment.sample(family).set(value, changed);
		return new Contribution(segment, live);
	}

	private record Contribution(Segment segment, boolean live) {
	}

}
