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

package io.observability.internal.registry;

import java.util.Map;

import io.observability.GaugeMode;

import static java.util.Map.entry;

/**
 * Modes of common gauges for which one series per instance is not what users look for.
 * {@code docs/gauge-modes.md} gives the reasons.
 */
final class WellKnownGauges {

	/** Modes by meter name, or by prefix followed by {@code *}. */
	static final Map<String, GaugeMode> MODES = Map.ofEntries(entry("http.requests.in.progress", GaugeMode.LIVESUM),
			entry("hikaricp.*", GaugeMode.LIVESUM), entry("jdbc.connections.*", GaugeMode.LIVESUM),
			entry("executor.*", GaugeMode.LIVESUM), entry("tomcat.*", GaugeMode.LIVESUM),
			entry("tomcat.global.request.max", GaugeMode.LIVEMAX),
			entry("tomcat.servlet.request.max", GaugeMode.LIVEMAX),
			entry("tomcat.sessions.alive.max", GaugeMode.LIVEMAX), entry("jetty.*", GaugeMode.LIVESUM),
			entry("cache.*", GaugeMode.LIVESUM), entry("jvm.*", GaugeMode.LIVEALL),
			entry("process.*", GaugeMode.LIVEALL), entry("system.*", GaugeMode.LIVEMAX),
			entry("disk.free", GaugeMode.LIVEMIN), entry("disk.total", GaugeMode.LIVEMAX),
			entry("application.*", GaugeMode.LIVEMAX), entry("observability.instances", GaugeMode.LIVEMOSTRECENT),
			entry("observability.store.size", GaugeMode.LIVEMOSTRECENT),
			entry("observability.log.backlog", GaugeMode.LIVEMOSTRECENT),
			entry("observability.log.collector.present", GaugeMode.LIVEMOSTRECENT),
			entry("observability.log.collector.lag", GaugeMode.LIVEMOSTRECENT),
			entry("observability.log.appender.backlog", GaugeMode.LIVEMOSTRECENT),
			entry("observability.corrupt.files", GaugeMode.LIVEMAX),
			entry("observability.conflicting.metrics", GaugeMode.LIVEMAX));

	private WellKnownGauges() {
	}

}
