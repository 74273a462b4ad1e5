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
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.observability.testing.ForkedJvm;
import io.observability.testing.OtherUser;

/**
 * A process that runs {@link FleetPageApplication}.
 */
final class FleetPageProcess implements AutoCloseable {

	private final Path directory;

	private final ForkedJvm jvm;

	private final Map<String, String> ports = new HashMap<>();

	/** Keeps its connection, so that a process without descriptors still answers. */
	private final HttpClient client = HttpClient.newHttpClient();

	private FleetPageProcess(Path directory, ForkedJvm jvm) {
		this.directory = directory;
		this.jvm = jvm;
	}

	/** Starts an instance whose fleet's files are in a folder. */
	static FleetPageProcess start(Path directory, String... options) {
		List<String> arguments = arguments(directory, options);
		FleetPageProcess process = new FleetPageProcess(directory,
				ForkedJvm.start(FleetPageApplication.class, Map.of(), arguments.toArray(String[]::new)));
		process.awaitStart(arguments);
		return process;
	}

	/** Starts an instance with more libraries. */
	static FleetPageProcess startWith(List<Path> libraries, Path directory, String... options) {
		List<String> arguments = arguments(directory, options);
		FleetPageProcess process = new FleetPageProcess(directory, ForkedJvm.startInstead(List.of(), libraries,
				FleetPageApplication.class, Map.of(), arguments.toArray(String[]::new)));
		process.awaitStart(arguments);
		return process;
	}

	/** Starts an instance of another user. */
	static FleetPageProcess startAs(OtherUser user, String classPath, Path directory, String... options) {
		List<String> arguments = arguments(directory, options);
		FleetPageProcess process = new FleetPageProcess(directory,
				ForkedJvm.startAs(user, classPath, FleetPageApplication.class, arguments.toArray(String[]::new)));
		process.awaitStart(arguments);
		return process;
	}

	/** Starts it anew in the same process, which is much quicker. */
	void restart(String... options) {
		List<String> arguments = arguments(this.directory, options);
		this.jvm.send(String.join(" ", arguments));
		awaitStart(arguments);
	}

	private static List<String> arguments(Path directory, String... options) {
		List<String> arguments = new ArrayList<>(List.of("--spring.application.name=shop", "--server.port=0",
				"--observability.store.directory=" + directory.resolve("store"),
				"--logging.file.name=" + directory.resolve("shop.log"),
				"--management.endpoints.web.exposure.include=health,prometheus,fleet",
				"--management.endpoint.health.show-components=always"));
		arguments.addAll(List.of(options));
		return arguments;
	}

	private void awaitStart(List<String> arguments) {
		this.ports.clear();
		boolean ownManagementPort = arguments.stream()
			.anyMatch((option) -> option.startsWith("--management.server.port"));
		for (int i = 0; i < (ownManagementPort ? 2 : 1); i++) {
			String[] line = this.jvm.awaitLine("port ").split(" ", -1);
			this.ports.put(line[1], line[2]);
		}
		this.jvm.awaitLine("started");
	}

	String url(String path) {
		return url("server", path);
	}

	String url(String server, String path) {
		return "http://localhost:" + this.ports.get(server) + path;
	}

	/** The status of what a path answers, which it must within a minute. */
	int status(String path) {
		HttpRequest request = HttpRequest.newBuilder(URI.create(url(path))).timeout(Duration.ofMinutes(1)).build();
		return this.client.sendAsync(request, BodyHandlers.discarding()).join().statusCode();
	}

	/** The body of what a path answers. */
	String get(String path) {
		HttpRequest request = HttpRequest.newBuilder(URI.create(url(path))).build();
		return this.client.sendAsync(request, BodyHandlers.ofString()).join().body();
	}

	/** Lets it log a text that no other process logs. */
	int log(int number) {
		return status("/log?level=INFO&text=p" + pid() + "n" + number + "-");
	}

	void signal(String name) {
		this.jvm.signal(name);
	}

	long pid() {
		return this.jvm.pid();
	}

	int terminate() {
		this.jvm.terminate();
		return this.jvm.awaitExit();
	}

	void kill() {
		this.jvm.kill();
	}

	@Override
	public void close() {
		this.jvm.close();
	}

}
