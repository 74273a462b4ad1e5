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

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The sample's jar, and the options of the JVMs that run it.
 *
 * @param file what {@code java -jar} is given
 * @param options of all JVMs, the workers' too
 */
record ShopJar(Path file, String options) {

	/** Loading classes and writing an archive of them takes long on a busy machine. */
	private static final Duration PATIENCE = Duration.ofMinutes(5);

	/** The executable jar. Workers are killed and started again: a quick start counts. */
	static ShopJar executable() {
		return new ShopJar(Path.of(System.getProperty("sample.jar")), "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
	}

	/**
	 * Extracts the jar and makes an archive of the classes that a worker loads, as Spring
	 * Boot's manual recommends. A start takes half of the processor time then.
	 * @param directory an empty folder
	 * @return the extracted jar
	 */
	ShopJar extract(Path directory) throws IOException, InterruptedException {
		Path extracted = directory.resolve("extracted");
		Path archive = directory.resolve("classes.jsa");
		awaitSuccess(java(List.of("-Djarmode=tools"), "extract", "--destination", extracted.toString()).start());
		assertThat(extracted).isNotEmptyDirectory();
		ShopJar jar = new ShopJar(extracted.resolve(this.file.getFileName()), this.options);
		jar.runWorker(directory.resolve("worker"), "-XX:ArchiveClassesAtExit=" + archive);
		return new ShopJar(jar.file, this.options + " -Xshare:auto -XX:SharedArchiveFile=" + archive);
	}

	/** Starts a worker, sends some requests, and waits until it has ended. */
	private void runWorker(Path directory, String option) throws IOException, InterruptedException {
		int port = RunningFleet.freePorts(1);
		Process worker = java(List.of(option), "worker", "--server.port=" + port, "--shop.dir=" + directory,
				"--shop.launched=true")
			.start();
		try {
			HttpClient client = HttpClient.newHttpClient();
			for (String path : List.of("products", "actuator/health", "actuator/fleet", "actuator/prometheus")) {
				HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/" + path))
					.build();
				await().atMost(PATIENCE).ignoreException(ConnectException.class).until(() -> {
					assertThat(worker.isAlive()).isTrue();
					return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
				});
			}
		}
		finally {
			// A worker ends with its launcher.
			worker.getOutputStream().close();
		}
		awaitSuccess(worker);
	}

	private static void awaitSuccess(Process process) throws InterruptedException {
		assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
		assertThat(process.exitValue()).isZero();
	}

	ProcessBuilder java(List<String> moreOptions, String... arguments) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(moreOptions);
		command.addAll(List.of("-jar", this.file.toString()));
		command.addAll(List.of(arguments));
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD);
		builder.environment().put("JAVA_TOOL_OPTIONS", this.options);
		return builder;
	}

}
