package io.observability.store;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * The metrics of this instance alone, from its own memory.
 */
public final class InstanceMetrics implements MetricsSource {

	private final List<MetricsWriter> writers;

	private final RegionSegments regions = new RegionSegments();

	private final Merger merger = new Merger();

	/**
	 * Creates the view.
	 * @param writers all of this instance's that are to be seen
	 */
	public InstanceMetrics(MetricsWriter... writers) {
		this.writers = List.of(writers);
	}

	@Override
	public synchronized <T> T collect(Function<Collection<MergedFamily>, T> use) throws IOException {
		List<SegmentReader> segments = this.regions
			.refresh(this.writers.stream().flatMap((writer) -> writer.segments().stream()).toList());
		this.merger.begin(segments);
		segments.forEach((segment) -> this.merger.add(segment, true));
		return use.apply(this.merger.families());
	}

}
