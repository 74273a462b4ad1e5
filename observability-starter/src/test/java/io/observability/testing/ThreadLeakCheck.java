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
package io.observability.testing;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Fails each test class that leaves threads of the starter running. JUnit applies it to
 * all classes of the module: see {@code junit-platform.properties}.
 */
public final class ThreadLeakCheck implements BeforeAllCallback, AfterAllCallback {

	private static final Namespace NAMESPACE = Namespace.create(ThreadLeakCheck.class);

	/** Of all threads that the starter makes. */
	private static final String PREFIX = "observability-";

	/** For threads that end a moment after what they belong to is closed. */
	private static final Duration PATIENCE = Duration.ofSeconds(20);

	@Override
	public void beforeAll(ExtensionContext context) {
		context.getStore(NAMESPACE).put(context.getUniqueId(), Threads.running());
	}

	@Override
	public void afterAll(ExtensionContext context) {
		Threads before = context.getStore(NAMESPACE).get(context.getUniqueId(), Threads.class);
		await().pollDelay(Duration.ZERO)
			.atMost(PATIENCE)
			.untilAsserted(() -> assertThat(Threads.running().without(before))
				.as("threads that %s has left", context.getRequiredTestClass().getName())
				.isEmpty());
	}

	private record Threads(Set<Thread> threads) {

		static Threads running() {
			return new Threads(Thread.getAllStackTraces()
				.keySet()
				.stream()
				.filter((thread) -> thread.getName().startsWith(PREFIX))
				.collect(Collectors.toSet()));
		}

		Set<Thread> without(Threads others) {
			Set<Thread> rest = new HashSet<>(this.threads);
			rest.removeAll(others.threads);
			return rest;
		}

	}

}
