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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.observability.testing.ForkedJvm;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Collectors and exemplars of applications of Boot's in processes of their own, as the
 * endpoint of another one shows them.
 */
class CollectorsAndExemplarsIT {

	private static final String FIRST = "11111111111111111111111111111111";

	private static final String SECOND = "22222222222222222222222222222222";

	@TempDir
	private Path directory;

	@Test
	void areSeenByOthersAndSurviveAKill() {
		try (ForkedJvm one = start(); ForkedJvm two = start()) {
			work(one, FIRST);
			// Collectors are published at the sample interval.
			Awaitility.await().untilAsserted(() -> assertThat(scrape(two)).contains("letters_total 1.0"));
			assertThat(scrape(two)).contains("door{door=\"open\"} 1", "sizes_count 1")
				.anyMatch((line) -> line.startsWith("work_seconds_bucket{le=\"1.0\"} 1 # " + exemplar(FIRST)));
			one.kill();
			work(two, SECOND);
			assertThat(scrape(two)).contains("letters_total 2.0", "sizes_count 2", "sizes_sum 6.0")
				.anyMatch((line) -> line.startsWith("work_seconds_bucket{le=\"1.0\"} 2 # " + exemplar(SECOND)));
			two.kill();
		}
		try (ForkedJvm three = start()) {
			assertThat(scrape(three))
				.contains("letters_total 2.0", "sizes_count 2", "door{door=\"closed\"} 0", "door{door=\"open\"} 0")
				.anyMatch((line) -> line.startsWith("work_seconds_bucket{le=\"1.0\"} 2 # " + exemplar(SECOND)));
		}
	}

	private static String exemplar(String traceId) {
		return "{span_id=\"b7ad6b7169203331\",trace_id=\"" + traceId + "\"} 0.25 ";
	}

	private static void work(ForkedJvm jvm, String traceId) {
		jvm.send("work " + traceId);
		jvm.awaitLine("done");
	}

	private static List<String> scrape(ForkedJvm jvm) {
		jvm.send("scrape");
		List<String> lines = new ArrayList<>();
		do {
			lines.add(jvm.awaitLine(""));
		}
		while (!lines.get(lines.size() - 1).equals("done"));
		return lines;
	}

	private ForkedJvm start() {
		ForkedJvm jvm = ForkedJvm.start(CollectingApplication.class, Map.of(),
				"--observability.store.directory=" + this.directory.resolve("store"),
				"--management.endpoints.web.exposure.include=prometheus",
				"--management.endpoints.access.default=read-only", "--observability.metrics.sample-interval=100ms");
		jvm.awaitLine("started");
		return jvm;
	}

}
