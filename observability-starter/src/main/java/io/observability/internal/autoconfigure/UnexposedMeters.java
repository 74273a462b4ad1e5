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

package io.observability.internal.autoconfigure;

import java.util.HashSet;
import java.util.Set;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.observability.internal.segment.Problems;

/**
 * The meters that a registry does not expose, because another one has their Prometheus
 * name. Micrometer itself logs only the first one. Safe for any thread.
 */
final class UnexposedMeters {

	private static final String NOT_EXPOSED = "meter is not exposed; rename it or the other one: ";

	private final Problems problems;

	private final Set<Meter.Id> meters = new HashSet<>();

	UnexposedMeters(Problems problems) {
		this.problems = problems;
	}

	/** Reports the meters of a registry that has none yet. */
	void watch(MeterRegistry registry) {
		registry.config().onMeterRegistrationFailed(this::added);
		registry.config().onMeterRemoved((meter) -> removed(meter.getId()));
	}

	private void added(Meter.Id id, String reason) {
		synchronized (this) {
			this.meters.add(id);
		}
		this.problems.reportLasting(id.getName(), NOT_EXPOSED, "type=" + id.getType() + ", " + reason);
	}

	private synchronized void removed(Meter.Id id) {
		if (this.meters.remove(id) && this.meters.stream().noneMatch((other) -> other.getName().equals(id.getName()))) {
			this.problems.resolve(id.getName(), NOT_EXPOSED);
		}
	}

}
