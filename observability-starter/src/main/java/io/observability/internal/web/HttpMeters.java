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

package io.observability.internal.web;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * The meters of HTTP requests. An existing meter is looked up by a small key, so that a
 * request builds no tags. The maps are bounded because every label is: unknown methods
 * share one value, endpoints are route templates, statuses come from the application.
 */
final class HttpMeters {

	/** The endpoint of requests without a handler. */
	static final String UNMATCHED = "UNMATCHED";

	/** The platform's logger, which Boot redirects to its own. */
	private static final System.Logger logger = System.getLogger(HttpMeters.class.getName());

	private static final String OTHER_METHOD = "OTHER";

	/** The methods of RFC 9110, and PATCH of RFC 5789. */
	private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS",
			"TRACE", "CONNECT");

	private static final String APP_NAME = "app_name";

	private static final String METHOD = "method";

	private static final String ENDPOINT = "endpoint";

	private static final String HTTP_STATUS = "http_status";

	private static final String REQUESTS_DESCRIPTION = "Completed HTTP requests";

	private static final String LATENCY_DESCRIPTION = "Time from the arrival of an HTTP request to the end of its response";

	private static final String IN_PROGRESS_DESCRIPTION = "HTTP requests in progress";

	private static final Set<String> DESCRIPTIONS = Set.of(REQUESTS_DESCRIPTION, LATENCY_DESCRIPTION,
			IN_PROGRESS_DESCRIPTION);

	private final MeterRegistry registry;

	private final String appName;

	private final Duration[] buckets;

	private final ConcurrentMap<RequestLabels, Counter> requests = new ConcurrentHashMap<>();

	private final ConcurrentMap<String, Timer> latencies = new ConcurrentHashMap<>();

	private final ConcurrentMap<InProgressLabels, AtomicInteger> inProgress = new ConcurrentHashMap<>();

	private final AtomicBoolean failureLogged = new AtomicBoolean();

	HttpMeters(MeterRegistry registry, String appName, List<Duration> buckets) {
		this.registry = registry;
		this.appName = appName;
		this.buckets = buckets.toArray(Duration[]::new);
	}

	/**
	 * Returns whether it is one of these meters, and not one of the application with the
	 * same name. The description tells, because filters may change the tags.
	 */
	static boolean isOwn(Meter.Id id) {
		String description = id.getDescription();
		return description != null && DESCRIPTIONS.contains(description);
	}

	/** Returns the label value of a method, the same for all unknown methods. */
	static String method(String name) {
		return METHODS.contains(name) ? name : OTHER_METHOD;
	}

	/** Returns the monotonic time of the registry's clock in nanoseconds. */
	long now() {
		return this.registry.config().clock().monotonicTime();
	}

	/**
	 * Returns the number of requests in progress with these labels. It is not an adder,
	 * because the sum of an adder's cells may be below zero while they change.
	 */
	AtomicInteger inProgress(String method, String endpoint) {
		InProgressLabels labels = new InProgressLabels(method, endpoint);
		AtomicInteger known = this.inProgress.get(labels);
		return (known != null) ? known : this.inProgress.computeIfAbsent(labels, this::newInProgress);
	}

	void record(String method, String endpoint, int status, long nanos) {
		RequestLabels labels = new RequestLabels(method, endpoint, status);
		Counter counter = this.requests.get(labels);
		((counter != null) ? counter : this.requests.computeIfAbsent(labels, this::newCounter)).increment();
		Timer timer = this.latencies.get(endpoint);
		((timer != null) ? timer : this.latencies.computeIfAbsent(endpoint, this::newTimer)).record(nanos,
				TimeUnit.NANOSECONDS);
	}

	/** Logs the first failure of a meter. No failure affects the request itself. */
	void failed(RuntimeException ex) {
		if (this.failureLogged.compareAndSet(false, true)) {
			logger.log(Level.WARNING, "request metrics are incomplete: a meter can't be registered or recorded", ex);
		}
	}

	private Counter newCounter(RequestLabels labels) {
		return Counter.builder("http.requests")
			.description(REQUESTS_DESCRIPTION)
			.tag(APP_NAME, this.appName)
			.tag(METHOD, labels.method())
			.tag(ENDPOINT, labels.endpoint())
			.tag(HTTP_STATUS, Integer.toString(labels.status()))
			.register(this.registry);
	}

	private Timer newTimer(String endpoint) {
		return Timer.builder("http.request.latency")
			.description(LATENCY_DESCRIPTION)
			.tag(APP_NAME, this.appName)
			.tag(ENDPOINT, endpoint)
			.serviceLevelObjectives(this.buckets)
			.register(this.registry);
	}

	private AtomicInteger newInProgress(InProgressLabels labels) {
		AtomicInteger number = new AtomicInteger();
		Gauge.builder("http.requests.in.progress", number, AtomicInteger::get)
			.description(IN_PROGRESS_DESCRIPTION)
			.tag(APP_NAME, this.appName)
			.tag(ENDPOINT, labels.endpoint())
			.tag(METHOD, labels.method())
			.register(this.registry);
		return number;
	}

	private record RequestLabels(String method, String endpoint, int status) {
	}

	private record InProgressLabels(String method, String endpoint) {
	}

}
