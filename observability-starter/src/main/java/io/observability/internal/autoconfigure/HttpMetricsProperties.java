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

import java.time.Duration;
import java.util.List;

import io.observability.internal.web.RequestPaths;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import org.springframework.web.util.pattern.PatternParseException;

/**
 * Properties of the request filter.
 *
 * @param enabled Whether requests are counted and timed.
 * @param appName Value of the label 'app_name'. The default is 'spring.application.name',
 * or 'application' if that is not set either.
 * @param buckets Upper bounds of the latency buckets in seconds, in increasing order. The
 * '+Inf' bucket is added to them. The defaults are those of Python's prometheus_client
 * (Histogram.DEFAULT_BUCKETS).
 * @param include Path patterns of the requests that are counted and timed, such as
 * '/api/**'. The default is all requests.
 * @param exclude Path patterns of requests that are not counted, even if they are
 * included. The defaults are the paths of the Prometheus endpoint and of the fleet page's
 * polls.
 */
@ConfigurationProperties("observability.http")
record HttpMetricsProperties(@DefaultValue("true") boolean enabled, @Nullable String appName, @DefaultValue( {
		"0.005", "0.01", "0.025", "0.05", "0.075", "0.1", "0.25", "0.5", "0.75", "1", "2.5", "5", "7.5",
		"10" }) List<Double> buckets, @DefaultValue List<String> include, @Nullable List<String> exclude){

	private static final double NANOS_PER_SECOND = 1e9;

	HttpMetricsProperties {
		if (!areValid(buckets)) {
			throw new InvalidPropertyException("observability.http.buckets", buckets,
					"Give the upper bounds of the buckets in seconds: at least one, all positive, in increasing "
							+ "order, as in '0.01,0.1,1', or remove the property.");
		}
	}

	String appName(Environment environment) {
		return (this.appName != null) ? this.appName
				: environment.getProperty("spring.application.name", "application");
	}

	List<Duration> bucketBounds() {
		return this.buckets.stream().map((bucket) -> Duration.ofNanos(nanos(bucket))).toList();
	}

	/**
	 * Returns the paths to record. The scrape and the fleet page's polls are excluded by
	 * default, because they would change what they show. No path is recorded if the
	 * application was processed ahead of time and the filter is disabled at run time.
	 */
	RequestPaths paths(WebEndpointProperties endpoints, Environment environment) {
		if (!this.enabled || !ObservabilityAutoConfiguration.isEnabled(environment)) {
			return new RequestPaths(List.of(), List.of(PathPatternParser.defaultInstance.parse("/**")));
		}
		return new RequestPaths(patterns("include", this.include),
				patterns("exclude", (this.exclude != null) ? this.exclude : polled(endpoints)));
	}

	private static List<String> polled(WebEndpointProperties endpoints) {
		return List.of(path(endpoints, "prometheus"), path(endpoints, "fleet") + "/live");
	}

	/** Returns the path of an endpoint, within the application that it belongs to. */
	static String path(WebEndpointProperties endpoints, String endpoint) {
		return endpoints.getBasePath() + "/" + endpoints.getPathMapping().getOrDefault(endpoint, endpoint);
	}

	private static List<PathPattern> patterns(String property, List<String> patterns) {
		return patterns.stream().map((pattern) -> pattern(property, pattern)).toList();
	}

	private static PathPattern pattern(String property, String pattern) {
		try {
			if (pattern.startsWith("/")) {
				return PathPatternParser.defaultInstance.parse(pattern);
			}
		}
		catch (PatternParseException ex) {
			// reported below
		}
		throw new InvalidPropertyException("observability.http." + property, pattern,
				"Give path patterns that start with '/', as in '/api/**' or '/orders/{id}', or remove the property.");
	}

	private static boolean areValid(List<Double> buckets) {
		long previous = 0;
		for (Double bucket : buckets) {
			long nanos = nanos(bucket);
			if (nanos <= previous || nanos == Long.MAX_VALUE) {
				return false;
			}
			previous = nanos;
		}
		return !buckets.isEmpty();
	}

	private static long nanos(double seconds) {
		return Math.round(seconds * NANOS_PER_SECOND);
	}

}
