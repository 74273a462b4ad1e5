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

import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.micrometer.core.instrument.Timer;
import io.observability.internal.metrics.read.MergedFamily;
import io.observability.internal.metrics.read.MetricsSource;

/**
 * Measures the time to read and merge the metrics of all instances.
 */
final class TimedMetricsSource implements MetricsSource {

	private final MetricsSource source;

	private final Timer timer;

	TimedMetricsSource(MetricsSource source, Timer timer) {
		this.source = source;
		this.timer = timer;
	}

	@Override
	public <T> T collect(Function<Collection<MergedFamily>, T> use) throws IOException {
		long start = System.nanoTime();
		try {
			return this.source.collect(use);
		}
		finally {
			this.timer.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
		}
	}

}
