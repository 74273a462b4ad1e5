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

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The data that the fleet page shows, as of one moment.
 *
 * @param application name of the application
 * @param time when it was read
 * @param fleet state of the fleet
 * @param traffic requests to the whole fleet
 * @param activity of the live instances, by slot
 * @param log new lines of the log, or null if there is no file
 * @param logNote why there is no merged log, or why it is not what the application's
 * properties say; or null
 */
record LiveFleet(String application, Instant time, Fleet fleet, Traffic traffic, Map<Integer, Activity> activity,
		@Nullable LogLines log, @Nullable String logNote) {

	LiveFleet {
		activity = Map.copyOf(activity);
	}

	/**
	 * Requests to all instances, including terminated ones.
	 *
	 * @param byStatus number of completed requests, by class of status ({@code 2xx} ...)
	 * @param inProgress number of requests in progress
	 * @param latency their latencies: buckets that are not cumulative, by ascending bound
	 */
	record Traffic(Map<String, Double> byStatus, double inProgress, List<Bucket> latency) {

		Traffic {
			byStatus = Map.copyOf(byStatus);
			latency = List.copyOf(latency);
		}

	}

	/**
	 * A bucket of latencies.
	 *
	 * @param le upper bound in seconds, or null if there is none
	 * @param count number of requests
	 */
	record Bucket(@Nullable Double le, long count) {
	}

	/**
	 * The activity of an instance.
	 *
	 * @param requests number of completed requests
	 * @param heapBytes used heap, including garbage
	 */
	record Activity(double requests, double heapBytes) {
	}

	/**
	 * The end of the merged log.
	 *
	 * @param position the end of these lines, to be passed to the next call
	 * @param continues whether the lines start at the position that was passed
	 * @param lines the new lines, in order
	 */
	record LogLines(String position, boolean continues, List<String> lines) {

		LogLines {
			lines = List.copyOf(lines);
		}

	}

}
