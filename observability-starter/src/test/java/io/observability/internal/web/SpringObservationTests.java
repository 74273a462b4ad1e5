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

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.Timer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The filter beside Spring's own observation of requests.
 */
class SpringObservationTests {

	private static final List<String> REQUESTS = List.of("GET /items/1", "GET /items/2", "HEAD /items/1",
			"OPTIONS /items/1", "POST /items/1", "GET /thrown", "GET /future/1", "GET /mono/1", "GET /flux/1",
			"GET /none", "GET /file.txt", "BREW /items/1", "GET /actuator/health");

	@TempDir
	private Path store;

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void isAsWithoutTheFilter(WebApplicationType type) throws Exception {
		Map<String, Long> without = observed(type, "--observability.http.enabled=false");
		assertThat(without.toString()).contains("tag(uri=/items/{id})", "tag(status=405)");
		assertThat(observed(type)).isEqualTo(without);
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void isNotNeededByTheFilter(WebApplicationType type) throws Exception {
		try (ObservedApplication application = start(type,
				"--management.observations.enable.http.server.requests=false")) {
			assertThat(application.send("GET", "/items/1").get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
			application.assertEndedOnce("/items/{id}", "GET", 200);
			assertThat(application.registry().find("http.server.requests").timers()).isEmpty();
		}
	}

	/** How often which requests were observed. */
	private Map<String, Long> observed(WebApplicationType type, String... properties) throws Exception {
		try (ObservedApplication application = start(type, properties)) {
			for (int i = 0; i < REQUESTS.size(); i++) {
				String request = REQUESTS.get(i);
				int space = request.indexOf(' ');
				application.send(request.substring(0, space), request.substring(space + 1)).get(20, TimeUnit.SECONDS);
				int sent = i + 1;
				await().until(() -> counts(application).values().stream().mapToLong(Long::longValue).sum() >= sent);
			}
			return counts(application);
		}
	}

	private static Map<String, Long> counts(ObservedApplication application) {
		Map<String, Long> counts = new TreeMap<>();
		for (Timer timer : application.registry().find("http.server.requests").timers()) {
			counts.put(timer.getId().getTags().toString(), timer.count());
		}
		return counts;
	}

	private ObservedApplication start(WebApplicationType type, String... properties) {
		return new ObservedApplication(type, ForkedWebApplication.class, this.store, properties);
	}

}
