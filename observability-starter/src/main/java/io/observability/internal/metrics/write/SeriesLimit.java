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

package io.observability.internal.metrics.write;

import java.util.List;
import java.util.function.BiConsumer;

import io.observability.internal.metrics.format.Family;

/**
 * Limits the number of series that a writer shares at a time. Guarded by the lock of the
 * {@link WriterSegments}.
 */
final class SeriesLimit {

	private final int maxSeries;

	private final BiConsumer<Family, List<String>> onFirstRejection;

	private final Runnable onNoneRejected;

	private int admitted;

	private int rejected;

	/**
	 * Creates a limit.
	 * @param maxSeries the highest number of series
	 * @param onFirstRejection called with the first series that is rejected
	 * @param onNoneRejected called when there is no rejected series any more
	 */
	SeriesLimit(int maxSeries, BiConsumer<Family, List<String>> onFirstRejection, Runnable onNoneRejected) {
		this.maxSeries = maxSeries;
		this.onFirstRejection = onFirstRejection;
		this.onNoneRejected = onNoneRejected;
	}

	/** Counts a new series and returns whether it may be shared. */
	boolean admit(Family family, List<String> labelValues) {
		if (this.admitted < this.maxSeries) {
			this.admitted++;
			return true;
		}
		if (this.rejected == 0) {
			this.onFirstRejection.accept(family, labelValues);
		}
		this.rejected++;
		return false;
	}

	/** A series that was admitted is no longer in use. */
	void releaseAdmitted() {
		this.admitted--;
	}

	/** A series that was rejected is no longer in use. */
	void releaseRejected() {
		this.rejected--;
		if (this.rejected == 0) {
			this.onNoneRejected.run();
		}
	}

	/** Returns whether series that were rejected are within the limit now. */
	boolean hasRoomForRejected() {
		return this.rejected > 0 && this.admitted < this.maxSeries;
	}

	/** Admits a series that was rejected, if it is now within the limit. */
	boolean admitRejected() {
		if (!hasRoomForRejected()) {
			return false;
		}
		releaseRejected();
		this.admitted++;
		return true;
	}

	/** Number of series in use that were rejected. */
	int rejected() {
		return this.rejected;
	}

}
