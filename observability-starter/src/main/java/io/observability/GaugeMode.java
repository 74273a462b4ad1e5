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
 * How the gauges of several instances become one, with the meaning that Python's
 * {@code prometheus_client} gives these names in its multiprocess mode.
 */
public enum GaugeMode {

	/** One series per instance, ended ones as well. */
	ALL(1, false),

	/** The sum over all instances, ended ones as well. */
	SUM(2, false),

	/** The least value of all instances, ended ones as well. */
	MIN(3, false),

	/** The greatest value of all instances, ended ones as well. */
	MAX(4, false),

	/** The value that was set last, by an ended instance as well. */
	MOSTRECENT(5, false),

	/** One series per living instance. */
	LIVEALL(6, true),

	/** The sum over the living instances. */
	LIVESUM(7, true),

	/** The least value of the living instances. */
	LIVEMIN(8, true),

	/** The greatest value of the living instances. */
	LIVEMAX(9, true),

	/** The value that a living instance set last. */
	LIVEMOSTRECENT(10, true);

	private final int code;

	private final boolean liveOnly;

	GaugeMode(int code, boolean liveOnly) {
		this.code = code;
		this.liveOnly = liveOnly;
	}

	/**
	 * Whether only instances that are alive count.
	 * @return whether ended instances are left out
	 */
	public boolean isLiveOnly() {
		return this.liveOnly;
	}

	/**
	 * Whether each instance keeps a series of its own, told apart by the instance label.
	 * @return whether the instance label is added
	 */
	public boolean isPerInstance() {
		return this == ALL || this == LIVEALL;
	}

	/** What stands for it in files: never change one. */
	public int code() {
		return this.code;
	}

}
