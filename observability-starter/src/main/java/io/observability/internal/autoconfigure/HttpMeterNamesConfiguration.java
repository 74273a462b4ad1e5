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

import io.micrometer.core.instrument.config.MeterFilter;
import io.observability.internal.web.HttpMeterNames;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Configuration of the names that only the request filter's meters have.
 */
@Configuration(proxyBeanMethods = false)
class HttpMeterNamesConfiguration {

	private static final String RENAMED = "meter has another name, because the request filter's has this one; rename it, "
			+ "or set observability.http.enabled=false: ";

	/** The first filter: it sees the names that the application uses. */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	MeterFilter httpMeterNames(Environment environment, ObjectProvider<MetricsProblems> problems) {
		MetricsProblems reported = problems.getIfAvailable();
		if (reported == null || !ObservabilityAutoConfiguration.isEnabled(environment)) {
			// Ahead of time it was decided that there is a request filter, which counts
			// nothing now.
			return new MeterFilter() {
			};
		}
		return new HttpMeterNames(
				(name, renamed) -> reported.list().reportLasting(name, RENAMED, "new name=" + renamed));
	}

}
