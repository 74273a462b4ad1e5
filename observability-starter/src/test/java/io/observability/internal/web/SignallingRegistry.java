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

package io.observability.internal.web;

import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.cumulative.CumulativeTimer;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/**
 * A registry whose clock advances only on request, and that signals when a request was
 * timed, which is the last thing that the filter does with it.
 */
class SignallingRegistry extends SimpleMeterRegistry {

	private final MockClock mockClock;

	private final BlockingQueue<Meter.Id> timed = new LinkedBlockingQueue<>();

	SignallingRegistry() {
		this(new MockClock());
	}

	private SignallingRegistry(MockClock mockClock) {
		super(SimpleConfig.DEFAULT, mockClock);
		this.mockClock = mockClock;
	}

	void advance(double seconds) {
		this.mockClock.addSeconds((long) seconds);
	}

	/**
	 * Longer than Tomcat waits for a client that reads nothing, which is 20 s: it may see
	 * only then that the client has gone.
	 */
	void awaitTimed() throws InterruptedException {
		if (this.timed.poll(60, TimeUnit.SECONDS) == null) {
			throw new IllegalStateException("no request has ended for 60 s");
		}
	}

	/** The values of all series of a meter, by the values of their tags. */
	Map<String, Double> values(String name, String... tagKeys) {
		return find(name).meters()
			.stream()
			.collect(Collectors.toMap(
					(meter) -> Stream.of(tagKeys).map(meter.getId()::getTag).collect(Collectors.joining(" ")),
					(meter) -> meter.measure().iterator().next().getValue()));
	}

	@Override
	protected Timer newTimer(Meter.Id id, DistributionStatisticConfig config, PauseDetector pauseDetector) {
		if (!id.getName().equals("http.request.latency")) {
			return super.newTimer(id, config, pauseDetector);
		}
		return new CumulativeTimer(id, this.clock, config, pauseDetector, getBaseTimeUnit(), false) {

			@Override
			protected void recordNonNegative(long amount, TimeUnit unit) {
				super.recordNonNegative(amount, unit);
				SignallingRegistry.this.timed.add(id);
			}

		};
	}

}
