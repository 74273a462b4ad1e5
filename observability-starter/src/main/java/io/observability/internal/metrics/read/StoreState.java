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

package io.observability.internal.metrics.read;

import java.util.Map;

/**
 * What the metrics files of a fleet hold.
 *
 * @param seriesBySlot number of series of the living instance in each slot
 * @param missingBySlot number of series of that instance that are in no file, because
 * there are too many, or no room; only where there are any
 * @param archiveGeneration how often the archive was written, 0 if there is none
 * @param archivedSeries number of series in the archive
 */
public record StoreState(Map<Integer, Integer> seriesBySlot, Map<Integer, Integer> missingBySlot, int archiveGeneration,
		int archivedSeries) {

	/** Of no files. */
	public static final StoreState NONE = new StoreState(Map.of(), Map.of(), 0, 0);

	public StoreState {
		seriesBySlot = Map.copyOf(seriesBySlot);
		missingBySlot = Map.copyOf(missingBySlot);
	}

}
