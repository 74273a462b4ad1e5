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

package io.observability.internal.boot3;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.observability.GaugeMode;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.MetricType;
import io.observability.internal.metrics.write.MetricsWriter;
import io.observability.internal.prometheus.MergedPrometheusRegistry;
import io.observability.testing.Exposed;
import io.observability.testing.TestFleet;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What differs with client_java 1.3, which Boot 3.5 has: it refuses metrics whose names
 * end with {@code _total}, {@code _bucket} or {@code _info}.
 */
class OlderClientJavaTests {

	@TempDir
	private Path directory;

	private TestFleet fleet;

	private final List<String> conflicts = new ArrayList<>();

	@BeforeEach
	void start() {
		this.fleet = TestFleet.in(this.directory);
	}

	@AfterEach
	void stop() {
		this.fleet.close();
	}

	/** They are untyped samples with newer versions of client_java. */
	@Test
	void samplesWithoutTheirTypeAreMissingIfTheirNameIsRefused() {
		counter(this.fleet.start().writer());
		gauge(this.fleet.start().writer(), "x");
		PrometheusRegistry merged = merged();
		Exposed.inAllFormats(merged);
		assertThat(Exposed.samples(merged)).containsExactly("x 7.0");
		assertThat(this.conflicts).contains("x");
	}

	/** A gauge of that name is shown, and the counter is not, with newer versions. */
	@Test
	void gaugeThatIsNamedAsACounterIsMissing() {
		counter(this.fleet.start().writer());
		gauge(this.fleet.start().writer(), "x_total");
		PrometheusRegistry merged = merged();
		Exposed.inAllFormats(merged);
		assertThat(Exposed.samples(merged)).containsExactly("x_total 3.0");
		assertThat(this.conflicts).isNotEmpty();
	}

	private PrometheusRegistry merged() {
		return new MergedPrometheusRegistry(this.fleet.observer(), "instance_id", () -> {
		}, (metric, what, detail) -> this.conflicts.add(metric));
	}

	private static void counter(MetricsWriter writer) {
		writer.totals(Family.totals("x", "", MetricType.COUNTER, List.of(), List.of(), 1), List.of()).add(3);
	}

	private static void gauge(MetricsWriter writer, String name) {
		writer.sample(Family.samples(name, "", MetricType.GAUGE, GaugeMode.LIVESUM, List.of(), List.of()), List.of())
			.set(7, 1);
	}

}
