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

package io.observability.internal.log.collector;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the events that attached appenders have missed while this process was their
 * collector, because more were waiting than the disk may hold. Safe for any thread.
 */
public final class MissedEvents {

	private static final Map<String, LongAdder> COUNTS = new ConcurrentHashMap<>();

	private MissedEvents() {
	}

	/**
	 * Counts events that an appender has missed.
	 * @param appender its name
	 * @param count how many they are
	 */
	public static void add(String appender, long count) {
		COUNTS.computeIfAbsent(appender, (name) -> new LongAdder()).add(count);
	}

	/**
	 * Returns the appenders that this process has had.
	 * @return their names
	 */
	public static Set<String> appenders() {
		return new TreeMap<>(COUNTS).keySet();
	}

	/**
	 * Returns how many events an appender has missed since this process was started.
	 * @param appender its name
	 * @return the number of events
	 */
	public static long count(String appender) {
		LongAdder count = COUNTS.get(appender);
		return (count != null) ? count.sum() : 0;
	}

}
