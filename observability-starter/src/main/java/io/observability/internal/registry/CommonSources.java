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
import java.util.Objects;
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
 * until that is closed. Then another one that has such a meter exposes it at once, or one
 * that registers it later. A total that is asked for goes on there from what the source
 * had reported, which stays counted in the series of the first. One that is recorded
 * begins at zero beside what the first had counted, whose meter no longer counts. A
 * current value is withdrawn from the first when the other one has a value.
 */
final class CommonSources {

	private static final Map<Path, CommonSources> BY_STORE = new ConcurrentHashMap<>();

	private static final Set<String> OF_PROCESS = Set.of("process.cpu.time", "process.cpu.usage", "process.files.max",
			"process.files.open", "process.start.time", "process.uptime", "system.cpu.count", "system.cpu.usage",
			"system.load.average.1m", "disk.free", "disk.total", "logback.events", "log4j2.events");

	private static final String OF_JVM = "jvm.";

	private static final double[][] NOTHING = {};

	private final Map<Meter.Id, List<Claim>> claims = new HashMap<>();

	private final List<WeakReference<CommonMeters>> registries = new ArrayList<>();

	private CommonSources() {
	}

	/** Returns those of all registries that share a store. */
	static CommonSources of(@Nullable Path store) {
		return (store != null) ? BY_STORE.computeIfAbsent(store, (key) -> new CommonSources()) : new CommonSources();
	}

	/** Returns whether other registries may have the source of a meter as well. */
	static boolean areCommon(Meter.Id id, @Nullable Object source) {
		return isOfProcess(id) || isIdentity(source);
	}

	private static boolean isOfProcess(Meter.Id id) {
		return id.getName().startsWith(OF_JVM) || OF_PROCESS.contains(id.getName());
	}

	/** Constants may stand for any source. */
	private static boolean isIdentity(@Nullable Object source) {
		return source != null && !(source instanceof String) && !(source instanceof Class);
	}

	/** Adds a registry, which is in line behind the others. */
	synchronized void add(CommonMeters registry) {
		this.registries.removeIf((each) -> each.get() == null);
		this.registries.add(new WeakReference<>(registry));
	}

	/** Returns the other registries, the first one first. */
	synchronized List<CommonMeters> others(CommonMeters registry) {
		return this.registries.stream()
			.map(WeakReference::get)
			.filter((other) -> other != null && other != registry)
			.map(Objects::requireNonNull)
			.toList();
	}

	/**
	 * Exposes a meter, unless another registry exposes its source.
	 * @param registry the registry
	 * @param id the meter
	 * @param source what its functions are applied to, or null if it has none
	 * @param meter exposes it
	 * @return whether it is exposed
	 */
	boolean claim(CommonMeters registry, Meter.Id id, @Nullable Object source, CommonMeter meter) {
		Claim claim = new Claim(registry, source, meter);
		List<CommonMeter> former = new ArrayList<>();
		synchronized (this) {
			boolean ofProcess = isOfProcess(id);
			List<Claim> known = this.claims.computeIfAbsent(id, (key) -> new ArrayList<>());
			if (known.stream().anyMatch((other) -> other.isOpenIn(registry, ofProcess ? null : source))) {
				return false;
			}
			known.removeIf((other) -> claim.takesOver(other, ofProcess, former) || other.isOver());
			known.add(claim);
		}
		// Without the lock: the writers have locks of their own.
		meter.expose(claim.reported, () -> former.forEach(CommonMeter::leave));
		return true;
	}

	/** A meter was removed from a registry. */
	synchronized void removed(CommonMeters registry, Meter.Id id) {
		this.claims.computeIfPresent(id, (key, known) -> {
			known.stream().filter((claim) -> claim.registry.get() == registry).forEach(Claim::end);
			known.removeIf(Claim::isOver);
			return known.isEmpty() ? null : known;
		});
	}

	/** Nothing of a registry changes any more, or can be read. */
	synchronized void gone(CommonMeters registry) {
		this.claims.values().removeIf((known) -> {
			known.stream().filter((claim) -> claim.registry.get() == registry).forEach(Claim::end);
			known.removeIf(Claim::isOver);
			return known.isEmpty();
		});
		this.registries.removeIf((each) -> each.get() == registry || each.get() == null);
	}

	/** A source that a registry exposes, or has exposed. */
	private static final class Claim {

		private final WeakReference<CommonMeters> registry;

		private final WeakReference<Object> source;

		private final WeakReference<CommonMeter> meter;

		/** What the source had reported to earlier registries, or all together. */
		private double[][] reported = NOTHING;

		private Claim(CommonMeters registry, @Nullable Object source, CommonMeter meter) {
			this.registry = new WeakReference<>(registry);
			this.source = new WeakReference<>(source);
			this.meter = new WeakReference<>(meter);
		}

		private boolean isOpenIn(CommonMeters other, @Nullable Object source) {
			CommonMeters registry = this.registry.get();
			return registry != null && registry != other && !registry.isClosed()
					&& (source == null || this.source.get() == source);
		}

		private boolean isOver() {
			CommonMeters registry = this.registry.get();
			return (registry == null || registry.isClosed()) && this.source.get() == null;
		}

		private boolean takesOver(Claim former, boolean ofProcess, List<CommonMeter> formerMeters) {
			Object source = this.source.get();
			if (!ofProcess && (source == null || former.source.get() != source)) {
				return false;
			}
			CommonMeter meter = former.end();
			if (meter != null) {
				formerMeters.add(meter);
			}
			this.reported = former.reported;
			return true;
		}

		/** Returns the meter that exposed the source until now, or null. */
		private @Nullable CommonMeter end() {
			CommonMeter meter = this.meter.get();
			if (meter != null) {
				double[][] reported = meter.handOver();
				this.reported = (reported.length > 0) ? reported : this.reported;
			}
			this.meter.clear();
			this.registry.clear();
			return meter;
		}

	}

}
