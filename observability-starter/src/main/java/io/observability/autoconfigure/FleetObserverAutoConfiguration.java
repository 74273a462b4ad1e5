package io.observability.autoconfigure;

import io.observability.actuate.FleetMeters;
import io.observability.actuate.FleetObserver;
import io.observability.store.FleetMetrics;
import io.observability.store.MetricsSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of what looks at the fleet, for the endpoint, health and the
 * starter's own metrics.
 */
@AutoConfiguration(after = { ObservabilityAutoConfiguration.class, MergedMetricsAutoConfiguration.class })
@ConditionalOnBean(StoreMembership.class)
public final class FleetObserverAutoConfiguration {

	@Bean
	FleetObserver observabilityFleetObserver(StoreMembership membership, ObjectProvider<MetricsSource> metrics,
			ObjectProvider<MergedMetricsAutoConfiguration.MetricsProblems> problems) {
		MergedMetricsAutoConfiguration.MetricsProblems found = problems.getIfAvailable();
		return new FleetObserver(membership.instance(),
				(metrics.getIfAvailable() instanceof FleetMetrics fleet) ? fleet : null,
				(found != null) ? found.list() : null);
	}

	/** Has the right gauge modes in the shared registry only: see WellKnownGauges. */
	@Bean
	FleetMeters observabilityFleetMeters(FleetObserver observer) {
		return new FleetMeters(observer);
	}

}
