package io.observability.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of an application's part in its fleet.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "observability.enabled", matchIfMissing = true)
@EnableConfigurationProperties(ObservabilityProperties.class)
public final class ObservabilityAutoConfiguration {

	@Bean(destroyMethod = "close")
	StoreMembership observabilityStoreMembership(Environment environment) {
		StoreLocation location = StoreLocation.of(environment);
		return isEnabled(environment) ? StoreMembership.join(location) : StoreMembership.alone(location);
	}

	/**
	 * Whether the starter is switched on now. Conditions are frozen when an application
	 * is processed ahead of time, so its beans may be there although it is not.
	 */
	static boolean isEnabled(Environment environment) {
		return environment.getProperty("observability.enabled", Boolean.class, true);
	}

}
