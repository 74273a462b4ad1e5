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

package io.observability.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Processes in the multiprocess mode of Python's {@code prometheus_client}, and one that
 * is scraped.
 */
final class PythonFleet implements Closeable {

	/** Debian's, whose package {@code python3-prometheus-client} is needed. */
	private static final String PYTHON = "/usr/bin/python3";

	private final TemporaryFolder folder;

	private final ChildProcess scraped;

	private final List<ChildProcess> instances;

	private PythonFleet(TemporaryFolder folder, ChildProcess scraped, List<ChildProcess> instances) {
		this.folder = folder;
		this.scraped = scraped;
		this.instances = instances;
	}

	/** Starts a fleet, and returns when all its instances have recorded. */
	static PythonFleet start(int instances, int series) throws IOException {
		TemporaryFolder folder = TemporaryFolder.create("python");
		List<ChildProcess> started = new ArrayList<>();
		for (int i = 0; i < instances; i++) {
			ChildProcess instance = start(folder, "instance", Integer.toString(series));
			instance.awaitLine("ready");
			started.add(instance);
		}
		ChildProcess scraped = start(folder, "scrape");
		scraped.awaitLine("ready");
		return new PythonFleet(folder, scraped, started);
	}

	private static ChildProcess start(TemporaryFolder folder, String... arguments) throws IOException {
		List<String> command = new ArrayList<>(List.of(PYTHON, "-c", script()));
		command.addAll(List.of(arguments));
		return ChildProcess.start(command, Map.of("PROMETHEUS_MULTIPROC_DIR", folder.path().toString()));
	}

	private static String script() throws IOException {
		try (InputStream script = Objects.requireNonNull(PythonFleet.class.getResourceAsStream("multiprocess.py"))) {
			return new String(script.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	Scrape scrape() throws IOException {
		return Scrape.parse(this.scraped.ask("scrape"));
	}

	Path folder() {
		return this.folder.path();
	}

	@Override
	public void close() throws IOException {
		this.instances.forEach(ChildProcess::kill);
		this.scraped.kill();
		this.folder.close();
	}

}
