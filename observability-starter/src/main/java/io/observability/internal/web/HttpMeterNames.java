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

import java.util.Set;
import java.util.function.BiConsumer;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;

/**
 * Keeps the application's own meters apart from those of the request filter: a meter that
 * would have one of their Prometheus names gets another one. Otherwise a sum over
 * {@code http_requests_total} would contain two different things.
 */
public final class HttpMeterNames implements MeterFilter {

	private static final String PREFIX = "exported.";

	private static final Set<String> RESERVED = Set.of("http_requests", "http_request_latency",
			"http_requests_in_progress");

	private final BiConsumer<String, String> onRenamed;

	/**
	 * Creates a filter.
	 * @param onRenamed receives the name and the new name of a meter, perhaps repeatedly
	 */
	public HttpMeterNames(BiConsumer<String, String> onRenamed) {
		this.onRenamed = onRenamed;
	}

	@Override
	public Meter.Id map(Meter.Id id) {
		if (!isReserved(id.getName()) || HttpMeters.isOwn(id)) {
			return id;
		}
		String renamed = PREFIX + id.getName();
		this.onRenamed.accept(id.getName(), renamed);
		return id.withName(renamed);
	}

	/**
	 * Returns whether a meter, or a metric, would have the Prometheus name of one of the
	 * request filter's meters.
	 * @param name its name
	 * @return whether only the request filter's may have it
	 */
	public static boolean isReserved(String name) {
		// Called for all meters, most of which are named otherwise.
		return name.startsWith("http")
				&& RESERVED.contains(name.replaceAll("[^A-Za-z0-9]+", "_").replaceAll("_(total|seconds)$", ""));
	}

}
