package io.observability.logback;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

import io.observability.instance.Instance;
import io.observability.logqueue.Collector;
import io.observability.logqueue.CollectorListener;
import io.observability.logqueue.LogQueue;
import io.observability.logqueue.LogTarget;

/**
 * What one started appender holds: its membership of the fleet, its queue and its
 * candidacy for collecting. Given up in the reverse order.
 */
final class MergedLog implements Closeable {

	private final Instance instance;

	private final LogQueue queue;

	private final Collector collector;

	private MergedLog(Instance instance, LogQueue queue, Collector collector) {
		this.instance = instance;
		this.queue = queue;
		this.collector = collector;
	}

	static MergedLog start(Instance instance, LogQueue queue, LogTarget file, Duration orderingWindow,
			CollectorListener listener) {
		return new MergedLog(instance, queue, Collector.start(instance, queue, file, orderingWindow, listener));
	}

	LogQueue queue() {
		return this.queue;
	}

	/** Ends the queue first, so that it can be collected to its last record. */
	@Override
	public void close() throws IOException {
		try (this.instance) {
			try {
				this.queue.close();
			}
			finally {
				this.collector.close();
			}
		}
	}

}
