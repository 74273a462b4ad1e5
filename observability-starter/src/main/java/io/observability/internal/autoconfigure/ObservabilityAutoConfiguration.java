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

package io.observability.internal.autoconfigure;

import io.observability.internal.segment.Problems;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of the membership of the fleet.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "observability.enabled", matchIfMissing = true)
@EnableConfigurationProperties(ObservabilityProperties.class)
public final class ObservabilityAutoConfiguration {

	private static final Log logger = LogFactory.getLog(ObservabilityAutoConfiguration.class);

	@Bean
	MetricsProblems observabilityMetricsProblems() {
		return new MetricsProblems(new Problems(logger::warn));
	}

	@Bean(destroyMethod = "close")
	StoreMembership observabilityStoreMembership(Environment environment, MetricsProblems problems) {
		StoreLocation location = StoreLocation.of(environment);
		return isEnabled(environment) ? StoreMembership.join(location, problems.list())
				: StoreMembership.alone(location);
	}

	/** The last thing that is done before a training run ends. */
	@Bean
	SmartInitializingSingleton observabilityTrainingEnd(StoreMembership membership) {
		return () -> {
			if (TemporaryStoreListener.isTraining()) {
				TemporaryStore.delete(membership.store());
			}
		};
	}

	@Bean
	LateJoin observabilityLateJoin(StoreMembership membership, ObservabilityProperties properties) {
		return new LateJoin(membership, properties.metrics().sampleInterval());
	}

	/**
	 * Returns whether the starter is enabled at run time. Conditions are evaluated when
	 * an application is processed ahead of time, so the beans may exist while it is
	 * disabled.
	 */
	static boolean isEnabled(Environment environment) {
		return environment.getProperty("observability.enabled", Boolean.class, true);
	}

}
