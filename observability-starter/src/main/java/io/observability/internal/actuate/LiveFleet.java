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
 * What the fleet page shows, as of one moment.
 *
 * @param application its name
 * @param time when it was read
 * @param fleet who is there
 * @param traffic requests to the whole fleet
 * @param activity of the living instances, by slot
 * @param log what is new in the merged log, or null if there is none
 */
record LiveFleet(String application, Instant time, Fleet fleet, Traffic traffic, Map<Integer, Activity> activity,
		@Nullable LogLines log) {

	LiveFleet {
		activity = Map.copyOf(activity);
	}

	/**
	 * Requests to all instances, those that have ended included.
	 *
	 * @param byStatus how many have been answered, by class of their status ({@code 2xx}
	 * ...)
	 * @param inProgress how many are being answered
	 * @param latency how long they took, not cumulative, by ascending bound
	 */
	record Traffic(Map<String, Double> byStatus, double inProgress, List<Bucket> latency) {

		Traffic {
			byStatus = Map.copyOf(byStatus);
			latency = List.copyOf(latency);
		}

	}

	/**
	 * Requests that took about as long.
	 *
	 * @param le most seconds that they took, or null if there is no limit
	 * @param count how many
	 */
	record Bucket(@Nullable Double le, long count) {
	}

	/**
	 * What an instance does.
	 *
	 * @param requests how many it has answered
	 * @param heapBytes memory that its objects take, garbage included
	 */
	record Activity(double requests, double heapBytes) {
	}

	/**
	 * The end of the merged log.
	 *
	 * @param position up to where it has been read, to be given back at the next reading
	 * @param continues whether the lines follow those of the position that was given
	 * @param lines the new lines, in order
	 */
	record LogLines(String position, boolean continues, List<String> lines) {

		LogLines {
			lines = List.copyOf(lines);
		}

	}

}
