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

import java.nio.ByteBuffer;
import java.util.List;

import io.observability.internal.memory.Region;
import io.observability.internal.metrics.format.ExemplarsFamily;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.SampleFamily;
import io.observability.internal.metrics.format.TotalsFamily;
import io.observability.internal.metrics.format.WindowMaxFamily;
import org.jspecify.annotations.Nullable;

/**
 * One series of a family, merged over all instances that have it. Used by one thread at a
 * time.
 */
public abstract sealed class MergedSeries permits MergedTotals, MergedSample, MergedWindowMax, MergedExemplars {

	private final List<String> labelValues;

	private final @Nullable String instance;

	private long createdMillis = Long.MAX_VALUE;

	private long endedMillis;

	private int contributors;

	MergedSeries(List<String> labelValues, @Nullable String instance) {
		this.labelValues = labelValues;
		this.instance = instance;
	}

	public static MergedSeries of(Family family, List<String> labelValues, @Nullable String instance) {
		return switch (family.kind()) {
			case TOTALS -> new MergedTotals((TotalsFamily) family, labelValues, instance);
			case SAMPLE -> new MergedSample((SampleFamily) family, labelValues, instance);
			case EXEMPLARS -> new MergedExemplars((ExemplarsFamily) family, labelValues, instance);
			case WINDOW_MAX -> new MergedWindowMax((WindowMaxFamily) family, labelValues, instance);
		};
	}

	/** Sets all numbers back, before those of a new collection are added. */
	abstract void clear();

	/** Adds the numbers of an instance or of the archive. */
	abstract void add(ByteBuffer cells, int position, boolean live);

	/**
	 * Number of blocks of cells that hold the numbers without loss: one, or more if a sum
	 * is more exact than a double.
	 */
	public int blocks() {
		return 1;
	}

	/**
	 * Writes the numbers, or the part of them that belongs in one of several blocks, as
	 * if one instance had recorded all of them.
	 */
	public abstract void write(int block, Region region, int offset);

	/**
	 * Returns whether any instance has contributed a value.
	 * @return whether there is a value
	 */
	public abstract boolean isPresent();

	void addContributor() {
		this.contributors++;
	}

	void removeContributor() {
		this.contributors--;
	}

	/** Returns whether nothing contributes to it any more. */
	boolean isAbandoned() {
		return this.contributors == 0;
	}

	void addCreated(long createdMillis) {
		this.createdMillis = Math.min(this.createdMillis, createdMillis);
	}

	/**
	 * Returns when the first instance created the series.
	 * @return milliseconds since the epoch
	 */
	public long createdMillis() {
		return this.createdMillis;
	}

	/** Adds when a contributor terminated; 0 if it is not in the archive. */
	void addEnded(long endedMillis) {
		this.endedMillis = Math.max(this.endedMillis, (endedMillis == 0) ? Long.MAX_VALUE : endedMillis);
	}

	/**
	 * When the last contributor terminated; {@link Long#MAX_VALUE} if not all of them are
	 * in the archive.
	 */
	public long endedMillis() {
		return this.endedMillis;
	}

	public List<String> labelValues() {
		return this.labelValues;
	}

	/**
	 * Returns the instance that the series belongs to.
	 * @return value of the instance label, or null if the mode does not keep instances
	 * apart
	 */
	public @Nullable String instance() {
		return this.instance;
	}

}
