package io.observability.registry;

import java.time.Duration;
import java.util.Map;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.tck.MeterRegistryCompatibilityKit;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.observability.store.GaugeMode;
import io.observability.store.MetricsWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/**
 * Micrometer's compatibility kit, without a store.
 */
class UnsharedCompatibilityTests extends MeterRegistryCompatibilityKit {

	@Override
	public MeterRegistry registry() {
		return new SharedMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), new MockClock(),
				MetricsWriter.unshared("0"), new GaugeModes(GaugeMode.LIVEALL, Map.of()));
	}

	@Override
	public Duration step() {
		return PrometheusConfig.DEFAULT.step();
	}

}
