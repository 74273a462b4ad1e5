package io.observability.store;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * The metrics of this instance alone, from its own memory.
 */
public final class InstanceMetrics implements MetricsSource {

	private final MetricsWriter writer;

	private final RegionSegments regions = new RegionSegments();

	private final Merger merger = new Merger();

	public InstanceMetrics(MetricsWriter writer) {
		this.writer = writer;
	}

	@Override
	public synchronized <T> T collect(Function<Collection<MergedFamily>, T> use) throws IOException {
		List<SegmentReader> segments = this.regions.refresh(this.writer.segments());
		this.merger.begin(segments);
		segments.forEach((segment) -> this.merger.add(segment, true));
		return use.apply(this.merger.families());
	}

}
