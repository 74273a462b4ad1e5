package io.observability.autoconfigure;

import io.observability.actuate.FleetEndpoint;
import io.observability.store.FleetMetrics;
import io.observability.store.MetricsSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the fleet endpoint.
 */
@AutoConfiguration(after = { ObservabilityAutoConfiguration.class, MergedMetricsAutoConfiguration.class })
@ConditionalOnBooleanProperty(name = "observability.enabled", matchIfMissing = true)
@ConditionalOnAvailableEndpoint(FleetEndpoint.class)
public final class FleetEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	FleetEndpoint fleetEndpoint(StoreMembership membership, ObjectProvider<MetricsSource> metrics,
			ObjectProvider<MergedMetricsAutoConfiguration.MetricsProblems> problems) {
		MergedMetricsAutoConfiguration.MetricsProblems found = problems.getIfAvailable();
		return new FleetEndpoint(membership.instance(),
				(metrics.getIfAvailable() instanceof FleetMetrics fleet) ? fleet : null,
				(found != null) ? found.list() : null);
	}

}
