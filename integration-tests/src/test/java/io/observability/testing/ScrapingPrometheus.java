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

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;

/**
 * A Prometheus server that scrapes one target every second.
 */
public final class ScrapingPrometheus implements Closeable {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private final HttpClient client = HttpClient.newHttpClient();

	private final Process process;

	private final int port;

	private ScrapingPrometheus(Process process, int port) {
		this.process = process;
		this.port = port;
	}

	/** Returns whether the program is on the path. */
	public static boolean isInstalled() {
		return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
			.anyMatch((directory) -> Files.isExecutable(Path.of(directory, "prometheus")));
	}

	/**
	 * Starts a server.
	 * @param targetPort of this host, where {@code /metrics} is scraped
	 * @param directory for its files
	 * @return the server, which may not answer yet
	 * @throws IOException if it can't be started
	 */
	public static ScrapingPrometheus start(int targetPort, Path directory) throws IOException {
		int port;
		try (ServerSocket socket = new ServerSocket(0)) {
			port = socket.getLocalPort();
		}
		Path configuration = directory.resolve("prometheus.yml");
		Files.writeString(configuration, """
				scrape_configs:
				  - job_name: test
				    scrape_interval: 1s
				    static_configs:
				      - targets: ["localhost:%d"]
				""".formatted(targetPort));
		Process process = new ProcessBuilder("prometheus", "--config.file=" + configuration,
				"--storage.tsdb.path=" + directory.resolve("data"), "--web.listen-address=127.0.0.1:" + port,
				"--log.level=warn")
			.redirectErrorStream(true)
			.redirectOutput(directory.resolve("prometheus.out").toFile())
			.start();
		return new ScrapingPrometheus(process, port);
	}

	/**
	 * Returns the value of an instant query.
	 * @param expression whose result is at most one series
	 * @param timeMillis the time that it is asked for
	 * @return the value, not a number if there is none
	 * @throws IOException if the server doesn't answer
	 */
	public double query(String expression, long timeMillis) throws IOException {
		List<String> values = JsonPath.read(ask(expression, timeMillis), "$.data.result[*].value[1]");
		return values.isEmpty() ? Double.NaN : Double.parseDouble(values.get(0));
	}

	/**
	 * Returns what it has of the last hour.
	 * @param series whose name selects one
	 * @return values by time in milliseconds
	 * @throws IOException if the server doesn't answer
	 */
	public NavigableMap<Long, Double> samples(String series) throws IOException {
		NavigableMap<Long, Double> samples = new TreeMap<>();
		List<List<Object>> values = JsonPath.read(ask(series + "[1h]", System.currentTimeMillis()),
				"$.data.result[*].values[*]");
		for (List<Object> value : values) {
			samples.put(Math.round(((Number) value.get(0)).doubleValue() * 1000),
					Double.valueOf((String) value.get(1)));
		}
		return samples;
	}

	private String ask(String expression, long timeMillis) throws IOException {
		URI uri = URI.create("http://127.0.0.1:" + this.port + "/api/v1/query?query="
				+ URLEncoder.encode(expression, StandardCharsets.UTF_8) + "&time=" + timeMillis / 1000.0);
		try {
			return this.client.send(HttpRequest.newBuilder(uri).timeout(TIMEOUT).build(), BodyHandlers.ofString())
				.body();
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	@Override
	public void close() {
		this.process.destroy();
		this.process.onExit().orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS).join();
	}

}
