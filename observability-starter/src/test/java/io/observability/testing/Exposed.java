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

package io.observability.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/**
 * What client_java's writers make of a registry.
 */
public final class Exposed {

	private static final ExpositionFormats FORMATS = ExpositionFormats.init();

	private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

	private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

	private static final String PROTOBUF = "application/vnd.google.protobuf; "
			+ "proto=io.prometheus.client.MetricFamily; encoding=delimited";

	private Exposed() {
	}

	/**
	 * Prometheus' text format.
	 * @param registry what to show
	 * @return the text
	 */
	public static String text(PrometheusRegistry registry) {
		return write(registry.scrape(), TEXT);
	}

	/**
	 * The OpenMetrics format.
	 * @param registry what to show
	 * @return the text
	 */
	public static String openMetrics(PrometheusRegistry registry) {
		return write(registry.scrape(), OPEN_METRICS);
	}

	/**
	 * Prometheus' protobuf format, in a form that can be read.
	 * @param registry what to show
	 * @return a text
	 */
	public static String protobuf(PrometheusRegistry registry) {
		return FORMATS.getPrometheusProtobufWriter().toDebugString(registry.scrape());
	}

	/**
	 * The lines of the text format that are no comments.
	 * @param registry what to show
	 * @return samples, in order
	 */
	public static List<String> samples(PrometheusRegistry registry) {
		return text(registry).lines().filter((line) -> !line.startsWith("#")).toList();
	}

	/**
	 * All formats one after the other, which fails if one of them does.
	 * @param registry what to show
	 */
	public static void inAllFormats(PrometheusRegistry registry) {
		MetricSnapshots snapshots = registry.scrape();
		for (String format : List.of(TEXT, OPEN_METRICS, PROTOBUF)) {
			write(snapshots, format);
		}
	}

	private static String write(MetricSnapshots snapshots, String format) {
		try {
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			FORMATS.findWriter(format).write(bytes, snapshots);
			return bytes.toString(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
