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

import java.util.function.Supplier;

import io.micrometer.core.instrument.Meter;
import org.jspecify.annotations.Nullable;

/**
 * A meter that is a function, of a source that other registries may have as well.
 */
final class SampledCommonMeter implements CommonMeter {

	private final Meter.Id id;

	private final SampledMeters sampled;

	private final Supplier<SampledSeries[]> create;

	private SampledSeries @Nullable [] series;

	/**
	 * Creates the meter, which is not asked yet.
	 * @param id the meter
	 * @param sampled the meters that are asked
	 * @param create creates its series
	 */
	SampledCommonMeter(Meter.Id id, SampledMeters sampled, Supplier<SampledSeries[]> create) {
		this.id = id;
		this.sampled = sampled;
		this.create = create;
	}

	@Override
	public synchronized void expose(double[][] reported, Runnable former) {
		SampledSeries[] series = this.create.get();
		for (int i = 0; i < Math.min(series.length, reported.length); i++) {
			series[i].continueFrom(reported[i]);
		}
		if (series.length > 0) {
			series[series.length - 1].whenAsked(former);
		}
		this.series = series;
		this.sampled.add(this.id, series);
	}

	@Override
	public synchronized double[][] handOver() {
		SampledSeries[] series = this.series;
		if (series == null) {
			return new double[0][];
		}
		double[][] reported = new double[series.length][];
		for (int i = 0; i < series.length; i++) {
			reported[i] = series[i].handOver();
		}
		return reported;
	}

	@Override
	public synchronized void leave() {
		SampledSeries[] series = this.series;
		if (series != null && this.sampled.take(this.id, series)) {
			for (SampledSeries each : series) {
				each.release();
			}
		}
	}

}
