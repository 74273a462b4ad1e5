package io.observability.registry;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.tck.MeterRegistryCompatibilityKit;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.observability.merge.MergedPrometheusRegistry;
import io.observability.store.GaugeMode;
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
