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
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

import io.observability.internal.memory.Region;
import io.observability.internal.segment.SegmentSource;

/**
 * Reads segments of this process from its memory. One thread at a time.
 */
public final class RegionSegments {

	private final Map<Region, SegmentReader> readers = new HashMap<>();

	/**
	 * Reads what is new in the segments in these regions, and forgets all others: their
	 * memory is then released.
	 */
	public List<SegmentReader> refresh(Collection<Region> regions) throws IOException {
		this.readers.keySet().retainAll(new HashSet<>(regions));
		List<SegmentReader> segments = new ArrayList<>();
		for (Region region : regions) {
			SegmentReader reader = this.readers.computeIfAbsent(region,
					(key) -> new SegmentReader(SegmentSource.of(key)));
			if (reader.refresh()) {
				segments.add(reader);
			}
		}
		return segments;
	}

}
