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

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.jspecify.annotations.Nullable;

/**
 * A {@link PrometheusMeterRegistry} that leaves it to its listeners to report a meter
 * that can't be exposed, if it has any. Its parent warns as well, but of the first such
 * meter of the process only, so the one is reported twice.
 */
class ListenedMeterRegistry extends PrometheusMeterRegistry {

	private final List<BiConsumer<Meter.Id, @Nullable String>> listeners = new CopyOnWriteArrayList<>();

	private final Config config = new ListenedConfig();

	ListenedMeterRegistry(PrometheusConfig config, PrometheusRegistry registry, Clock clock) {
		super(config, registry, clock);
	}

	@Override
	@SuppressWarnings("ConstantValue") // null in the constructor of the parent
	public Config config() {
		return (this.config != null) ? this.config : super.config();
	}

	@Override
	protected void meterRegistrationFailed(Meter.Id id, @Nullable String reason) {
		if (this.listeners.isEmpty()) {
			super.meterRegistrationFailed(id, reason);
		}
		this.listeners.forEach((listener) -> listener.accept(id, reason));
	}

	/** Keeps the listeners, which the parent would notify only after its own warning. */
	private final class ListenedConfig extends Config {

		@Override
		public Config onMeterRegistrationFailed(BiConsumer<Meter.Id, @Nullable String> listener) {
			ListenedMeterRegistry.this.listeners.add(listener);
			return this;
		}

	}

}
