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

package io.observability;

/**
 * How the gauges of several instances are merged. The names have the meaning that
 * Python's {@code prometheus_client} gives them in its multiprocess mode.
 */
public enum GaugeMode {

	/** One series per instance, including terminated ones. */
	ALL(1, false),

	/** The sum of all instances, including terminated ones. */
	SUM(2, false),

	/** The lowest value of all instances, including terminated ones. */
	MIN(3, false),

	/** The highest value of all instances, including terminated ones. */
	MAX(4, false),

	/** The value that changed last, of all instances, including terminated ones. */
	MOSTRECENT(5, false),

	/** One series per living instance. */
	LIVEALL(6, true),

	/** The sum of the living instances. */
	LIVESUM(7, true),

	/** The lowest value of the living instances. */
	LIVEMIN(8, true),

	/** The highest value of the living instances. */
	LIVEMAX(9, true),

	/** The value that changed last, of the living instances. */
	LIVEMOSTRECENT(10, true);

	private final int code;

	private final boolean liveOnly;

	GaugeMode(int code, boolean liveOnly) {
		this.code = code;
		this.liveOnly = liveOnly;
	}

	/**
	 * Returns whether only living instances count.
	 * @return whether terminated instances are left out
	 */
	public boolean isLiveOnly() {
		return this.liveOnly;
	}

	/**
	 * Returns whether each instance has a series of its own.
	 * @return whether the instance label is added
	 */
	public boolean isPerInstance() {
		return this == ALL || this == LIVEALL;
	}

	/**
	 * Returns the code of this mode in files, which never changes.
	 * @return the code
	 */
	public int code() {
		return this.code;
	}

}
