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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * The one registry, of those of this process that share a store, that is in Micrometer's
 * global registry: in two of them each event would be counted twice. Safe for any thread.
 *
 * <p>
 * Protocol. Spring Boot adds the registry of each application context to the global one.
 * The first stays there until it is closed. Others are taken out again and wait: then one
 * of them takes its place.
 */
final class GlobalRegistryMember {

	private static final Map<Path, GlobalRegistryMember> BY_STORE = new HashMap<>();

	private @Nullable SharedMeterRegistry member;

	private final List<SharedMeterRegistry> waiting = new ArrayList<>();

	private GlobalRegistryMember() {
	}

	/** To be called after a registry may have been added to the global one. */
	static synchronized void added(@Nullable Path store, SharedMeterRegistry registry) {
		if (store != null && registries().stream().anyMatch((each) -> holds(each, registry))) {
			BY_STORE.computeIfAbsent(store, (key) -> new GlobalRegistryMember()).added(registry);
		}
	}

	/** To be called when a registry is closed. */
	static synchronized void closed(@Nullable Path store, SharedMeterRegistry registry) {
		BY_STORE.computeIfPresent(store, (key, one) -> one.closed(registry) ? null : one);
	}

	private void added(SharedMeterRegistry registry) {
		if (this.member == null) {
			this.member = registry;
		}
		else if (this.member != registry && !this.waiting.contains(registry)) {
			this.waiting.add(registry);
			takeOut(registry);
			for (Meter meter : Metrics.globalRegistry.getMeters()) {
				// Other meters of the global registry are without value in this one.
				if (meter instanceof Gauge) {
					registry.removeByPreFilterId(meter.getId());
				}
			}
		}
	}

	/** Returns whether no registry is left. */
	private boolean closed(SharedMeterRegistry registry) {
		this.waiting.remove(registry);
		if (this.member == registry) {
			takeOut(registry);
			this.member = this.waiting.isEmpty() ? null : this.waiting.remove(0);
			if (this.member != null) {
				Metrics.addRegistry(this.member);
			}
		}
		return this.member == null;
	}

	/** Members of a composite registry are in the global one on their own as well. */
	private static void takeOut(SharedMeterRegistry registry) {
		for (MeterRegistry each : registries()) {
			if (holds(each, registry)) {
				Metrics.removeRegistry(each);
			}
		}
	}

	private static List<MeterRegistry> registries() {
		while (true) {
			try {
				return List.copyOf(Metrics.globalRegistry.getRegistries());
			}
			catch (ConcurrentModificationException ex) {
				// Another thread has added or removed one.
			}
		}
	}

	private static boolean holds(MeterRegistry registry, SharedMeterRegistry searched) {
		return registry == searched || (registry instanceof CompositeMeterRegistry composite
				&& composite.getRegistries().contains(searched));
	}

}
