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
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * A Prometheus server that scrapes one target every second, and the checker that comes
 * with it.
 */
final class PrometheusServer implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private static final int STARTING = 503;

	private final Process process;

	private final int port;

	private PrometheusServer(Process process, int port) {
		this.process = process;
		this.port = port;
	}

	static void assumeInstalled() {
		assumeTrue(isInstalled("prometheus") && isInstalled("promtool"),
				"prometheus and promtool are not installed (Debian package: prometheus)");
	}

	private static boolean isInstalled(String program) {
		return Stream.of(System.getenv("PATH").split(File.pathSeparator))
			.anyMatch((directory) -> Files.isExecutable(Path.of(directory, program)));
	}

	static PrometheusServer start(int targetPort, String feature, Path dir) throws IOException {
		int port;
		try (ServerSocket socket = new ServerSocket(0)) {
			port = socket.getLocalPort();
		}
		Path configuration = dir.resolve("prometheus.yml");
		Files.writeString(configuration, """
				global:
				  scrape_interval: 1s
				scrape_configs:
				  - job_name: shop
				    metrics_path: /actuator/prometheus
				    static_configs:
				      - targets: ["localhost:%d"]
				""".formatted(targetPort));
		List<String> command = new ArrayList<>(
				List.of("prometheus", "--config.file=" + configuration, "--storage.tsdb.path=" + dir.resolve("data"),
						"--web.listen-address=127.0.0.1:" + port, "--log.level=warn"));
		if (!feature.isEmpty()) {
			command.add("--enable-feature=" + feature);
		}
		Process process = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(dir.resolve("prometheus.out").toFile())
			.start();
		return new PrometheusServer(process, port);
	}

	/** The values of an instant query: none while the server starts. */
	List<Double> query(String expression) throws InterruptedException {
		URI uri = URI.create("http://127.0.0.1:" + this.port + "/api/v1/query?query="
				+ URLEncoder.encode(expression, StandardCharsets.UTF_8));
		try {
			HttpResponse<String> response = HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
			if (response.statusCode() == STARTING) {
				return List.of();
			}
			List<String> values = JsonPath.read(response.body(), "$.data.result[*].value[1]");
			return values.stream().map(Double::valueOf).toList();
		}
		catch (IOException ex) {
			return List.of();
		}
	}

	/**
	 * The values of a range query, one a second, by a label of the series.
	 * @param expression whose result has that label, or is one series without labels
	 * @param label name of the label
	 * @param start in seconds since 1970
	 * @param end in seconds since 1970
	 * @return values by seconds since 1970, by value of the label
	 */
	Map<String, Map<Long, Double>> queryRange(String expression, String label, long start, long end)
			throws IOException, InterruptedException {
		URI uri = URI.create("http://127.0.0.1:" + this.port + "/api/v1/query_range?step=1&start=" + start + "&end="
				+ end + "&query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
		String body = HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
			.body();
		List<Map<String, Object>> results = JsonPath.read(body, "$.data.result[*]");
		Map<String, Map<Long, Double>> series = new TreeMap<>();
		for (Map<String, Object> result : results) {
			String name = JsonPath.<Map<String, String>>read(result, "$.metric").getOrDefault(label, "");
			Map<Long, Double> values = new TreeMap<>();
			for (List<Object> value : JsonPath.<List<List<Object>>>read(result, "$.values")) {
				values.put(((Number) value.get(0)).longValue(), Double.valueOf((String) value.get(1)));
			}
			series.put(name, values);
		}
		return series;
	}

	/**
	 * What {@code promtool check metrics} has to say; fails if it can't read the text.
	 */
	static List<String> checkMetrics(String text) throws IOException, InterruptedException {
		Process process = new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
		try (var input = process.outputWriter()) {
			input.write(text);
		}
		List<String> lines = process.inputReader().lines().toList();
		assertThat(process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
		// 1: can't be read; 3: can be read, with remarks.
		assertThat(process.exitValue()).as(() -> String.join("\n", lines)).isIn(0, 3);
		return lines;
	}

	@Override
	public void close() {
		this.process.destroy();
		this.process.onExit().orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS).join();
	}

}
