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

package io.observability.sample;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The examples in {@code monitoring/}, as far as they can be tried without what they are
 * for.
 */
class MonitoringTests {

	@TempDir
	private Path directory;

	@Test
	void rulesDoWhatTheirTestsSay() throws Exception {
		assertThat(run("promtool", "test", "rules", "rules_test.yml").exit()).isZero();
		assertThat(run("promtool", "check", "rules", "rules.yml").exit()).isZero();
	}

	@Test
	void everyAlertIsTested() throws IOException {
		String tests = Files.readString(Monitoring.DIRECTORY.resolve("rules_test.yml"));
		List<String> alerts = Files.readString(Monitoring.DIRECTORY.resolve("rules.yml"))
			.lines()
			.filter((line) -> line.contains("- alert: "))
			.map((line) -> line.replaceAll(".*: ", ""))
			.toList();

		assertThat(alerts).isNotEmpty()
			.allSatisfy((alert) -> assertThat(tests)
				.containsPattern("alertname: " + alert + "\\s+eval_time: \\w+\\s+exp_alerts"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "prometheus.yml", "prometheus-compose.yml" })
	void scrapeConfigurationIsValid(String file) throws Exception {
		Result result = run("promtool", "check", "config", file);

		assertThat(result.exit()).as(result.output()).isZero();
	}

	@Test
	void queriesOfTheDashboardCanBeParsed() throws Exception {
		List<String> queries = Monitoring.dashboardQueries();
		assertThat(queries).hasSizeGreaterThan(20);
		StringBuilder rules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
		for (int i = 0; i < queries.size(); i++) {
			rules.append("      - record: query_")
				.append(i)
				.append("\n        expr: '")
				.append(queries.get(i))
				.append("'\n");
		}
		Path file = Files.writeString(this.directory.resolve("dashboard.yml"), rules);

		Result result = run("promtool", "check", "rules", file.toString());

		assertThat(result.exit()).as(result.output()).isZero();
	}

	@Test
	void unitsAreValid() throws Exception {
		Result result = run("systemd-analyze", "verify", "--man=no", "./systemd/shop@.service",
				"./systemd/shop.target");

		assertThat(result.output().lines().filter((line) -> line.contains("shop"))).isEmpty();
	}

	@Test
	void containersShareTheStoreOnAVolume() throws IOException {
		Map<String, Map<String, Map<String, Object>>> compose = new Yaml()
			.load(Files.readString(Monitoring.DIRECTORY.resolve("compose.yml")));
		Map<String, Object> shop = compose.get("services").get("shop");

		assertThat(shop.get("volumes").toString()).contains("shop:/var/lib/shop");
		assertThat(shop.get("environment").toString()).contains("OBSERVABILITY_STORE_DIRECTORY=/var/lib/shop/");
		assertThat(compose.get("volumes")).containsKey("shop");
	}

	private static Result run(String... command) throws IOException, InterruptedException {
		assumeTrue(
				Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
					.anyMatch((directory) -> Files.isExecutable(Path.of(directory, command[0]))),
				command[0] + " is not installed");
		Process process = new ProcessBuilder(command).directory(Monitoring.DIRECTORY.toFile())
			.redirectErrorStream(true)
			.start();
		String output = String.join("\n", process.inputReader().lines().toList());
		return new Result(process.waitFor(), output);
	}

	private record Result(int exit, String output) {
	}

}
