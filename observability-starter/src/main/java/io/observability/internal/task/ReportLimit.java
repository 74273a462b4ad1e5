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

package io.observability.internal.task;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Decides which failures are reported: one of each kind in ten minutes. The others are
 * counted. Safe for any thread.
 */
public final class ReportLimit {

	private static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(10);

	private final Map<Object, Reports> kinds = new HashMap<>();

	/**
	 * Counts a failure.
	 * @param kind of the failure; there must not be too many kinds
	 * @return the number of failures of this kind since the last one that was reported,
	 * with this one; 0 if this one is not to be reported
	 */
	public synchronized long admit(Object kind) {
		long now = System.nanoTime();
		Reports reports = this.kinds.get(kind);
		boolean first = reports == null;
		if (reports == null) {
			reports = new Reports();
			this.kinds.put(kind, reports);
		}
		reports.unreported++;
		if (!first && now - reports.last < INTERVAL_NANOS) {
			return 0;
		}
		long count = reports.unreported;
		reports.last = now;
		reports.unreported = 0;
		return count;
	}

	/**
	 * Takes back that a failure was reported, because that failed, too: the next one of
	 * its kind is to be reported.
	 * @param kind of the failure
	 */
	public synchronized void retract(Object kind) {
		this.kinds.remove(kind);
	}

	/** Of one kind. */
	private static final class Reports {

		private long last;

		private long unreported;

	}

}
