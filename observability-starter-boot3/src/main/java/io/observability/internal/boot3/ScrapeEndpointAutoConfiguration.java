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

package io.observability.internal.boot3;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.observability.internal.autoconfigure.MergedMetricsAutoConfiguration;
import io.observability.internal.autoconfigure.MergedScrape;
import io.observability.internal.autoconfigure.MergedScrapeConfiguration;
import io.observability.internal.registry.SharedMeterRegistry;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.actuate.autoconfigure.metrics.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.actuate.metrics.export.prometheus.PrometheusScrapeEndpoint;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration of the merged scrape endpoint. It replaces the endpoint that Boot
 * would create; the rest of Boot's Prometheus support stays as it is.
 */
@AutoConfiguration(before = PrometheusMetricsExportAutoConfiguration.class,
		after = MergedMetricsAutoConfiguration.class)
@ConditionalOnClass(PrometheusScrapeEndpoint.class)
@ConditionalOnBean(SharedMeterRegistry.class)
@ConditionalOnAvailableEndpoint(PrometheusScrapeEndpoint.class)
@Import(MergedScrapeConfiguration.class)
public final class ScrapeEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	PrometheusScrapeEndpoint prometheusEndpoint(MergedScrape scrape, PrometheusConfig config) {
		return new PrometheusScrapeEndpoint(scrape.registry(), config.prometheusProperties());
	}

}
