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

package io.observability.internal.metrics.read;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * The metrics of this instance alone, from its own memory.
 */
public final class InstanceMetrics implements MetricsSource {

	private final List<OwnSegments> writers;

	private final RegionSegments regions = new RegionSegments();

	private final Merger merger = new Merger();

	/**
	 * Creates the view.
	 * @param writers segments of the writers that are to be seen
	 */
	public InstanceMetrics(OwnSegments... writers) {
		this.writers = List.of(writers);
	}

	@Override
	public synchronized <T> T collect(Function<Collection<MergedFamily>, T> use) throws IOException {
		List<SegmentReader> segments = this.regions
			.refresh(this.writers.stream().flatMap((writer) -> writer.all().stream()).toList());
		this.merger.begin(segments);
		segments.forEach((segment) -> this.merger.add(segment, true));
		return use.apply(this.merger.families());
	}

}
