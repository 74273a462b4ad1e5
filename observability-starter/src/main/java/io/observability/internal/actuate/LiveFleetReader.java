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

package io.observability.internal.actuate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.observability.internal.metrics.read.MetricsSource;
import io.observability.internal.metrics.read.SelectedMetrics;
import io.observability.internal.metrics.read.StoreState;
import org.jspecify.annotations.Nullable;

/**
 * Reads the data that the fleet page shows. Each open page requests it once a second, so
 * it reads a few metrics rather than the whole merged view.
 */
public final class LiveFleetReader {

	private static final LiveFleet.Traffic NO_TRAFFIC = new LiveFleet.Traffic(Map.of(), 0, List.of());

	private final String application;

	private final FleetObserver observer;

	private final @Nullable MetricsSource metrics;

	private final Supplier<PageLog> log;

	private final ActivityReader activity = new ActivityReader();

	/**
	 * Creates the reader.
	 * @param application name of the application
	 * @param observer reads the state of the fleet
	 * @param metrics the merged metrics, or null if there are none
	 * @param log finds the log to show
	 */
	public LiveFleetReader(String application, FleetObserver observer, @Nullable MetricsSource metrics,
			Supplier<PageLog> log) {
		this.application = application;
		this.observer = observer;
		this.metrics = metrics;
		this.log = log;
	}

	/**
	 * Reads the current data.
	 * @param logPosition the position up to which the page has the log, or null
	 * @return the data that the page shows
	 */
	LiveFleet read(@Nullable String logPosition) {
		try {
			Numbers numbers = (this.metrics != null) ? this.metrics.collect(this.activity.selection(), this::numbers)
					: new Numbers(NO_TRAFFIC, Map.of(), StoreState.NONE);
			Instant now = Instant.now();
			PageLog log = this.log.get();
			return new LiveFleet(this.application, now, this.observer.observe(numbers.state()), numbers.traffic(),
					numbers.activity(), lines(log.tail(), logPosition), log.note());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static LiveFleet.@Nullable LogLines lines(LogTail log, @Nullable String position) {
		try {
			return log.since(position);
		}
		catch (IOException ex) {
			// The rest is shown without it.
			return null;
		}
	}

	private Numbers numbers(SelectedMetrics selected) {
		return new Numbers(this.activity.traffic(selected.all()), this.activity.bySlot(selected.bySlot()),
				selected.state());
	}

	private record Numbers(LiveFleet.Traffic traffic, Map<Integer, LiveFleet.Activity> activity, StoreState state) {
	}

}
