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

/**
 * Boot's auto-configurations that the starter's come before or after, by name: Boot 4 has
 * moved them. One of each pair exists; Boot ignores the other.
 */
final class BootAutoConfigurations {

	private static final String BOOT_3 = "org.springframework.boot.actuate.autoconfigure.metrics.";

	private static final String BOOT_4 = "org.springframework.boot.micrometer.metrics.autoconfigure.";

	static final String METRICS_3 = BOOT_3 + "MetricsAutoConfiguration";

	static final String METRICS_4 = BOOT_4 + "MetricsAutoConfiguration";

	static final String COMPOSITE_REGISTRY_3 = BOOT_3 + "CompositeMeterRegistryAutoConfiguration";

	static final String COMPOSITE_REGISTRY_4 = BOOT_4 + "CompositeMeterRegistryAutoConfiguration";

	static final String SIMPLE_EXPORT_3 = BOOT_3 + "export.simple.SimpleMetricsExportAutoConfiguration";

	static final String SIMPLE_EXPORT_4 = BOOT_4 + "export.simple.SimpleMetricsExportAutoConfiguration";

	static final String PROMETHEUS_EXPORT_3 = BOOT_3 + "export.prometheus.PrometheusMetricsExportAutoConfiguration";

	static final String PROMETHEUS_EXPORT_4 = BOOT_4 + "export.prometheus.PrometheusMetricsExportAutoConfiguration";

	private BootAutoConfigurations() {
	}

}
