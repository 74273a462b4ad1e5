package io.observability.autoconfigure;

import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.micrometer.core.instrument.Timer;
import io.observability.store.MergedFamily;
import io.observability.store.MetricsSource;

/**
 * Times how long it takes to read and merge the metrics of all instances.
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
