package io.observability.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.observability.memory.Region;

/**
 * Reads segments of this process from its memory. One thread at a time.
 */
final class RegionSegments {

	private final Map<Region, SegmentReader> readers = new HashMap<>();

	/** Reads what is new in these regions. */
	List<SegmentReader> refresh(Collection<Region> regions) throws IOException {
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
