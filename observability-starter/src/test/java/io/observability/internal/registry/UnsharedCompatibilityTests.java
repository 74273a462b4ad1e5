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

import java.time.Duration;
import java.util.Map;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.tck.MeterRegistryCompatibilityKit;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.observability.GaugeMode;
import io.observability.internal.metrics.write.MetricsWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/**
 * Micrometer's compatibility kit, without a store.
 */
class UnsharedCompatibilityTests extends MeterRegistryCompatibilityKit {

	@Override
	public MeterRegistry registry() {
		return new SharedMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), new MockClock(),
				MetricsWriter.unshared("0"), new GaugeModes(GaugeMode.LIVEALL, Map.of()), null);
	}

	@Override
	public Duration step() {
		return PrometheusConfig.DEFAULT.step();
	}

}
