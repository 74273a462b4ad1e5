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

package io.observability.internal.registry;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

import io.micrometer.core.instrument.Meter;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one registry that have {@link CommonSources}: those that it exposes, and
 * those that wait until another registry no longer does. Safe for any thread.
 */
final class CommonMeters {

	private final CommonSources sources;

	private final BooleanSupplier closed;

	private final Map<Meter.Id, Known> meters = new ConcurrentHashMap<>();

	private CommonMeters(CommonSources sources, BooleanSupplier closed) {
		this.sources = sources;
		this.closed = closed;
	}

	/**
	 * Creates those of a registry, none yet.
	 * @param store the folder that the metrics are shared in, or null
	 * @param closed whether the registry is closed
	 */
	static CommonMeters of(@Nullable Path store, BooleanSupplier closed) {
		CommonSources sources = CommonSources.of(store);
		CommonMeters meters = new CommonMeters(sources, closed);
		sources.add(meters);
		return meters;
	}

	boolean isClosed() {
		return this.closed.getAsBoolean();
	}

	/** Exposes a meter as soon as no other registry exposes its source. */
	void add(Meter.Id id, @Nullable Object source, CommonMeter meter) {
		Known known = new Known(meter, new WeakReference<>(source));
		this.meters.put(id, known);
		offer(id, known);
	}

	private void offer(Meter.Id id, Known known) {
		if (!known.exposed && !isClosed()) {
			known.exposed = this.sources.claim(this, id, known.source.get(), known.meter);
		}
	}

	/** Another registry exposes less than before. */
	void takeOver() {
		this.meters.forEach(this::offer);
	}

	/** A meter was removed from the registry. */
	void remove(Meter.Id id) {
		if (this.meters.containsKey(id)) {
			this.sources.removed(this, id);
			this.meters.remove(id);
			leave();
		}
	}

	/** The registry was closed: others take over what they have in common with it. */
	void leave() {
		this.sources.others(this).forEach(CommonMeters::takeOver);
	}

	/** Nothing of the registry changes any more, or can be read. */
	void end() {
		this.sources.gone(this);
		this.meters.clear();
	}

	/** A meter, and whether it is exposed here. */
	private static final class Known {

		private final CommonMeter meter;

		private final WeakReference<Object> source;

		private volatile boolean exposed;

		private Known(CommonMeter meter, WeakReference<Object> source) {
			this.meter = meter;
			this.source = source;
		}

	}

}
