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

package io.observability.internal.log.collector;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LookPausesTests {

	private static final long NOW = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(1);

	private final LookPauses pauses = new LookPauses(Duration.ofMillis(200), NOW);

	@Test
	void areLongerTheLongerNothingIsLogged() {
		long first = this.pauses.afterNothing(NOW);
		long later = this.pauses.afterNothing(NOW + TimeUnit.MILLISECONDS.toNanos(600));
		assertThat(first).isEqualTo(TimeUnit.MILLISECONDS.toNanos(40));
		assertThat(later).isGreaterThan(first)
			.isLessThan(this.pauses.afterNothing(NOW + TimeUnit.MILLISECONDS.toNanos(800)));
	}

	@Test
	void areNotMuchLongerThanTheOrderingWindow() {
		assertThat(this.pauses.afterNothing(NOW + TimeUnit.HOURS.toNanos(1)))
			.isBetween(TimeUnit.MILLISECONDS.toNanos(200), TimeUnit.MILLISECONDS.toNanos(250));
		LookPauses withoutWindow = new LookPauses(Duration.ZERO, NOW);
		assertThat(withoutWindow.afterNothing(NOW + TimeUnit.HOURS.toNanos(1)))
			.isLessThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(50));
		LookPauses longWindow = new LookPauses(Duration.ofDays(1), NOW);
		assertThat(longWindow.afterNothing(NOW + TimeUnit.HOURS.toNanos(1)))
			.isLessThan(TimeUnit.MILLISECONDS.toNanos(250));
	}

	@Test
	void areShortAgainWhenSomethingIsLogged() {
		long later = NOW + TimeUnit.HOURS.toNanos(1);
		assertThat(this.pauses.afterSomething(later)).isEqualTo(this.pauses.afterNothing(later + 1))
			.isEqualTo(TimeUnit.MILLISECONDS.toNanos(40));
	}

}
