package io.observability.autoconfigure;

import io.observability.actuate.FleetHealthIndicator;
import io.observability.actuate.FleetObserver;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of the health of an application's part in its fleet.
 */
@AutoConfiguration(after = FleetObserverAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnBean(FleetObserver.class)
@ConditionalOnEnabledHealthIndicator("observability")
public final class FleetHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "observabilityHealthIndicator", "observabilityHealthContributor" })
	FleetHealthIndicator observabilityHealthContributor(FleetObserver observer, Environment environment) {
		return new FleetHealthIndicator(observer, LoggingProperties.of(environment).maxBacklog().toBytes());
	}

}
