package io.observability.autoconfigure;

import io.observability.actuate.FleetMeters;
import io.observability.actuate.FleetObserver;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of what looks at the fleet for health and for the starter's own
 * metrics.
 */
@AutoConfiguration(after = { ObservabilityAutoConfiguration.class, MergedMetricsAutoConfiguration.class })
@ConditionalOnBean(StoreMembership.class)
public final class FleetObserverAutoConfiguration {

	/**
	 * Does not look at the metrics files: they are for those to read, and to keep in
	 * memory, who are asked for what is in them.
	 */
	@Bean
	FleetObserver observabilityFleetObserver(StoreMembership membership,
			ObjectProvider<MergedMetricsAutoConfiguration.MetricsProblems> problems) {
		MergedMetricsAutoConfiguration.MetricsProblems found = problems.getIfAvailable();
		return new FleetObserver(membership.instance(), null, (found != null) ? found.list() : null);
	}

	/** Has the right gauge modes in the shared registry only: see WellKnownGauges. */
	@Bean
	FleetMeters observabilityFleetMeters(FleetObserver observer) {
		return new FleetMeters(observer);
	}

}
