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

import io.micrometer.core.instrument.Timer;
import io.observability.internal.autoconfigure.MergedMetricsAutoConfiguration.Collectors;
import io.observability.internal.metrics.read.MetricsSource;
import io.observability.internal.metrics.read.ReadMark;
import io.observability.internal.prometheus.MergedPrometheusRegistry;
import io.observability.internal.registry.SharedMeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration of what the scrape endpoint reads. The endpoint itself is defined for
 * each line of Spring Boot, because its type differs.
 */
@Configuration(proxyBeanMethods = false)
public class MergedScrapeConfiguration {

	@Bean
	MergedScrape observabilityMergedScrape(MetricsSource fleet, SharedMeterRegistry registry, Collectors collectors,
			ReadMark readMark, ObservabilityProperties properties, MetricsProblems problems) {
		Timer timer = Timer.builder("observability.scrape")
			.description("Time to read and merge the metrics of all instances")
			.register(registry);
		return new MergedScrape(
				new MergedPrometheusRegistry(new TimedMetricsSource(fleet, timer), properties.instance().label(),
						samplingForScrape(registry, collectors, readMark), problems.list()::report));
	}

	/**
	 * The values of the other instances first, because they may have to be waited for.
	 */
	private static Runnable samplingForScrape(SharedMeterRegistry registry, Collectors collectors, ReadMark readMark) {
		return () -> {
			readMark.onRead();
			registry.sample();
			collectors.publisher().publish();
		};
	}

}
