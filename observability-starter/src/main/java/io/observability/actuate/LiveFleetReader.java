package io.observability.actuate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.observability.store.MetricsSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the fleet page shows. It is asked once a second by each open page, so it
 * reads a few metrics rather than the whole merged view.
 */
public final class LiveFleetReader {

	private static final LiveFleet.Traffic NO_TRAFFIC = new LiveFleet.Traffic(Map.of(), 0, List.of());

	private final String application;

	private final FleetEndpoint endpoint;

	private final @Nullable MetricsSource metrics;

	private final LogTail log;

	private final ActivityReader activity = new ActivityReader();

	/**
	 * Creates the reader.
	 * @param application name of the application
	 * @param endpoint tells of the fleet
	 * @param metrics the merged metrics, or null if they are not kept
	 * @param log the end of the merged log
	 */
	public LiveFleetReader(String application, FleetEndpoint endpoint, @Nullable MetricsSource metrics, LogTail log) {
		this.application = application;
		this.endpoint = endpoint;
		this.metrics = metrics;
		this.log = log;
	}

	/**
	 * Reads the fleet as it is now.
	 * @param logPosition up to where the page has the log, or null
	 * @return what the page shows
	 */
	LiveFleet read(@Nullable String logPosition) {
		try {
			Fleet fleet = this.endpoint.fleet();
			LiveFleet.LogLines lines = this.log.since(logPosition);
			if (this.metrics == null) {
				return new LiveFleet(this.application, Instant.now(), fleet, NO_TRAFFIC, Map.of(), lines);
			}
			return this.metrics.collect(this.activity.selection(),
					(selected) -> new LiveFleet(this.application, Instant.now(), fleet,
							this.activity.traffic(selected.all()), this.activity.bySlot(selected.bySlot()), lines));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
