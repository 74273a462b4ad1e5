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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.core.instrument.Meter;
import org.jspecify.annotations.Nullable;

/**
 * What the registries of this process that share a store would expose several times:
 * application contexts that run at the same time, or one after the other. Safe for any
 * thread.
 *
 * <p>
 * Protocol. There are two kinds of common sources: what the well-known binders measure of
 * the process or the host, whichever context binds them, and the object that function
 * counters or timers of equal name and tags have in common. The first registry exposes it
 * until that is closed. A registry that registers such a meter later exposes it then. A
 * total goes on there from what the source had reported, which stays counted in the
 * series of the first.
 */
final class CommonSources {

	private static final Map<Path, CommonSources> BY_STORE = new ConcurrentHashMap<>();

	private static final Set<String> OF_PROCESS = Set.of("process.cpu.time", "process.cpu.usage", "process.files.max",
			"process.files.open", "process.start.time", "process.uptime", "system.cpu.count", "system.cpu.usage",
			"system.load.average.1m", "disk.free", "disk.total", "logback.events", "log4j2.events");

	private static final String OF_JVM = "jvm.";

	private final Map<Meter.Id, List<Claim>> claims = new HashMap<>();

	private CommonSources() {
	}

	/** Returns those of all registries that share a store. */
	static CommonSources of(@Nullable Path store) {
		return (store != null) ? BY_STORE.computeIfAbsent(store, (key) -> new CommonSources()) : new CommonSources();
	}

	/**
	 * Returns whether a registry is to expose a meter: no other one exposes its source.
	 * @param registry the registry
	 * @param id the meter
	 * @param source what its functions are applied to, or null if it has none
	 * @return whether it is to expose it
	 */
	synchronized boolean mayExpose(SharedMeterRegistry registry, Meter.Id id, @Nullable Object source) {
		boolean ofProcess = id.getName().startsWith(OF_JVM) || OF_PROCESS.contains(id.getName());
		if (!ofProcess && !isIdentity(source)) {
			return true;
		}
		List<Claim> known = this.claims.computeIfAbsent(id, (key) -> new ArrayList<>());
		known.removeIf(Claim::isOver);
		if (known.stream().anyMatch((claim) -> claim.isOpenIn(registry, ofProcess ? null : source))) {
			return false;
		}
		Claim claim = new Claim(registry, source);
		known.removeIf((former) -> claim.takesOver(former));
		known.add(claim);
		return true;
	}

	/** Constants may stand for any source. */
	private static boolean isIdentity(@Nullable Object source) {
		return source != null && !(source instanceof String) && !(source instanceof Class);
	}

	/** A total that a registry exposes goes on where another one has left it. */
	synchronized void expose(SharedMeterRegistry registry, Meter.Id id, SampledSeries total) {
		this.claims.getOrDefault(id, List.of())
			.stream()
			.filter((claim) -> claim.registry.get() == registry)
			.forEach((claim) -> claim.expose(total));
	}

	/** A meter was removed from a registry. */
	synchronized void removed(SharedMeterRegistry registry, Meter.Id id) {
		this.claims.computeIfPresent(id, (key, known) -> {
			known.removeIf((claim) -> claim.registry.get() == registry);
			return known.isEmpty() ? null : known;
		});
	}

	/** Nothing of a registry changes any more, or can be read. */
	synchronized void gone(SharedMeterRegistry registry) {
		this.claims.values().removeIf((known) -> {
			known.stream().filter((claim) -> claim.registry.get() == registry).forEach(Claim::end);
			known.removeIf(Claim::isOver);
			return known.isEmpty();
		});
	}

	/** A source that a registry exposes, or has exposed. */
	private static final class Claim {

		private final WeakReference<SharedMeterRegistry> registry;

		private final WeakReference<Object> source;

		/** The series that it is exposed as, if that is a total. */
		private WeakReference<SampledSeries> total = new WeakReference<>(null);

		/** What the source had reported to earlier registries, or all together. */
		private double[] reported = {};

		private Claim(SharedMeterRegistry registry, @Nullable Object source) {
			this.registry = new WeakReference<>(registry);
			this.source = new WeakReference<>(source);
		}

		private boolean isOpenIn(SharedMeterRegistry other, @Nullable Object source) {
			SharedMeterRegistry registry = this.registry.get();
			return registry != null && registry != other && !registry.isClosed()
					&& (source == null || this.source.get() == source);
		}

		private boolean isOver() {
			SharedMeterRegistry registry = this.registry.get();
			return (registry == null || registry.isClosed()) && this.source.get() == null;
		}

		private boolean takesOver(Claim former) {
			Object source = this.source.get();
			if (source == null || former.source.get() != source) {
				return false;
			}
			former.end();
			this.reported = former.reported;
			return true;
		}

		private void expose(SampledSeries series) {
			series.continueFrom(this.reported);
			this.total = new WeakReference<>(series);
		}

		private void end() {
			SampledSeries series = this.total.get();
			if (series != null) {
				this.reported = series.handOver();
			}
			this.total = new WeakReference<>(null);
			this.registry.clear();
		}

	}

}
