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

package io.observability.internal.registry;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.tck.MeterRegistryCompatibilityKit;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.observability.GaugeMode;
import io.observability.internal.prometheus.MergedPrometheusRegistry;
import io.observability.testing.TestFleet;
import io.observability.testing.TestFleet.Member;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Micrometer's compatibility kit, over a store. After each of its tests the fleet can be
 * scraped.
 */
class StoreCompatibilityTests extends MeterRegistryCompatibilityKit {

	@TempDir
	private Path directory;

	private TestFleet fleet;

	private Member member;

	@Override
	public MeterRegistry registry() {
		this.fleet = TestFleet.in(this.directory);
		this.member = this.fleet.start();
		return new SharedMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), new MockClock(),
				this.member.writer(), new GaugeModes(GaugeMode.LIVEALL, Map.of()));
	}

	@AfterEach
	void scrape() {
		SharedMeterRegistry shared = (SharedMeterRegistry) this.registry;
		MergedPrometheusRegistry merged = new MergedPrometheusRegistry(this.fleet.viewOf(this.member.writer()),
				"instance_id", shared::sample);
		assertThat(merged.scrape()).isNotNull();
		assertThat(this.fleet.warnings()).isEmpty();
		this.fleet.close();
	}

	@Override
	public Duration step() {
		return PrometheusConfig.DEFAULT.step();
	}

}
