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

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.observability.testing.ForkedJvm;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A gauge that hangs holds up neither other instances, nor more scrapes than without the
 * starter, nor the end of its process.
 */
class HangingGaugeIT {

	private static final HttpClient CLIENT = HttpClient.newHttpClient();

	@TempDir
	private static Path directory;

	private static Application other;

	private Application hanging;

	@BeforeAll
	static void startOther() {
		other = new Application();
	}

	@BeforeEach
	void start() {
		this.hanging = new Application();
	}

	@AfterEach
	void stop() {
		this.hanging.jvm.close();
	}

	@AfterAll
	static void stopOther() {
		other.jvm.close();
	}

	@Test
	void scrapesShareItAndOtherGaugesAreSeenElsewhere() {
		this.hanging.run("hang");
		List<CompletableFuture<String>> scrapes = Stream.generate(this.hanging::scrape).limit(3).toList();
		// One of the three asks it, or the sampling in the background.
		Awaitility.await().until(() -> this.hanging.run("waiting") >= 2 && this.hanging.run("asked") == 1);
		this.hanging.run("gauge recent");
		Awaitility.await()
			.untilAsserted(() -> assertThat(other.scrape().join()).contains("\nrecent{instance_id=\"1\"} 1.0\n"));
		assertThat(this.hanging.run("asked")).isEqualTo(1);
		assertThat(scrapes).noneMatch(CompletableFuture::isDone);
		this.hanging.run("release");
		assertThat(scrapes)
			.allSatisfy((scrape) -> assertThat(scrape.join()).contains("\nhanging{instance_id=\"1\"} 1.0\n"));
	}

	@Test
	void terminationDoesNotWaitForIt() {
		this.hanging.run("hang");
		this.hanging.run("hang-collector");
		Awaitility.await().until(() -> this.hanging.run("asked") == 1);
		this.hanging.run("calls 7");
		this.hanging.jvm.terminate();
		assertThat(other.scrape().join()).contains("\ncalls_total 7.0\n");
	}

	private static final class Application {

		private final ForkedJvm jvm;

		private final URI endpoint;

		private Application() {
			this.jvm = ForkedJvm.start(HangingGaugeApplication.class, Map.of(), "--server.port=0",
					"--observability.store.directory=" + directory.resolve("store"),
					"--observability.metrics.sample-interval=100ms",
					"--management.endpoints.web.exposure.include=prometheus");
			String port = this.jvm.awaitLine("port ").substring("port ".length());
			this.endpoint = URI.create("http://localhost:" + port + "/actuator/prometheus");
		}

		private CompletableFuture<String> scrape() {
			return CLIENT.sendAsync(HttpRequest.newBuilder(this.endpoint).build(), BodyHandlers.ofString())
				.thenApply(HttpResponse::body);
		}

		private long run(String command) {
			this.jvm.send(command);
			return Long.parseLong(this.jvm.awaitLine("answer ").substring("answer ".length()));
		}

	}

}
