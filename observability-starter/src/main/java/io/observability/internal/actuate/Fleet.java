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
 * @param store the shared folder, or null if this instance is not a member of a fleet
 * @param instances by slot; a terminated one is included until its slot is taken again
 * @param collector slot of the instance that writes the merged log, the first of several,
 * or null if none does
 * @param logs the merged logs: one for each log file of the fleet
 * @param archive the totals of terminated instances
 * @param problems descriptions of problems, by file, {@code task} and name, or
 * {@code metric} and name
 */
public record Fleet(@Nullable Store store, List<Member> instances, @Nullable Integer collector, List<Log> logs,
		Archive archive, Map<String, String> problems) {

	public Fleet {
		instances = List.copyOf(instances);
		logs = List.copyOf(logs);
		problems = Map.copyOf(problems);
	}

	/**
	 * The shared folder.
	 *
	 * @param directory path of the folder
	 * @param bytes total size of the files in it
	 */
	public record Store(String directory, long bytes) {
	}

	/**
	 * One instance.
	 *
	 * @param slot number of the slot
	 * @param id value of the instance label
	 * @param pid process id, in its own pid namespace
	 * @param host name of the host
	 * @param started when it took the slot
	 * @param alive whether it is alive
	 * @param ended when it ended, some seconds early if it was killed; or null if it is
	 * alive, or if that is unknown
	 * @param self whether it is the one that answers
	 * @param series number of series
	 * @param seriesMissing number of series that other instances can't see, because there
	 * are too many or there is no space for them
	 * @param logBacklogBytes size of the events that are not in the merged log yet
	 * @param logDropped number of dropped log events, by level
	 */
	public record Member(int slot, String id, long pid, String host, Instant started, boolean alive,
			@Nullable Instant ended, boolean self, int series, int seriesMissing, long logBacklogBytes,
			Map<String, Long> logDropped) {

		public Member {
			logDropped = Map.copyOf(logDropped);
		}

	}

	/**
	 * One merged log.
	 *
	 * @param file path of the log file, or null if there are only attached appenders
	 * @param collector slot of the instance that writes it, or null if none does
	 * @param collected when the collector last saved how far it has come, or null
	 * @param backlogBytes size of the events that are not in it yet
	 * @param appenders that are attached to it
	 */
	public record Log(@Nullable String file, @Nullable Integer collector, @Nullable Instant collected,
			long backlogBytes, List<Appender> appenders) {

		public Log {
			appenders = List.copyOf(appenders);
		}

		boolean lacksCollector() {
			return this.collector == null && this.backlogBytes > 0;
		}

	}

	/**
	 * An appender that is attached to a log.
	 *
	 * @param name of the appender
	 * @param backlogBytes size of the events that it has not taken yet
	 * @param missed number of events that it has missed, because too many were waiting
	 * @param failure why it takes no events now, or null if it does
	 */
	public record Appender(String name, long backlogBytes, long missed, @Nullable String failure) {
	}

	/**
	 * The totals of terminated instances.
	 *
	 * @param generation how many times the archive was written
	 * @param series number of series in it
	 */
	public record Archive(int generation, int series) {
	}

}
