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
 * The answer of the fleet endpoint.
 *
 * @param store the shared folder, or null if this instance is alone in its memory
 * @param instances by slot, those that have ended as well until their slot is taken again
 * @param collector slot of the instance that writes the merged log, or null if none does
 * @param archive the totals of ended instances
 * @param problems what could not be read, by file
 */
public record Fleet(@Nullable Store store, List<Member> instances, @Nullable Integer collector, Archive archive,
		Map<String, String> problems) {

	public Fleet {
		instances = List.copyOf(instances);
		problems = Map.copyOf(problems);
	}

	/**
	 * The shared folder.
	 *
	 * @param directory where it is
	 * @param bytes size of all files in it
	 */
	public record Store(String directory, long bytes) {
	}

	/**
	 * One instance.
	 *
	 * @param slot its slot
	 * @param id value of its instance label
	 * @param pid its process id, in its own pid namespace
	 * @param host name of its host
	 * @param started when it took the slot
	 * @param alive whether it lives
	 * @param self whether it is the one that answers
	 * @param series number of series that it has
	 * @param seriesMissing number of series that others don't see, because there are too
	 * many or no room for them
	 * @param logBacklogBytes what it has logged and is not in the merged log yet
	 * @param logDropped how many of its log events were dropped, by level
	 */
	public record Member(int slot, String id, long pid, String host, Instant started, boolean alive, boolean self,
			int series, int seriesMissing, long logBacklogBytes, Map<String, Long> logDropped) {

		public Member {
			logDropped = Map.copyOf(logDropped);
		}

	}

	/**
	 * The totals of ended instances.
	 *
	 * @param generation how often the archive was written, 0 if it never was
	 * @param series number of series in it
	 */
	public record Archive(int generation, int series) {
	}

}
