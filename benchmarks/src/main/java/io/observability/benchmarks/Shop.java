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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The sample application as users would deploy it, with and without the starter: the same
 * jars but for one.
 */
final class Shop implements Closeable {

	private static final Path JAR = Path.of("sample-app", "target", "sample-app.jar");

	private static final String MAIN = "io.observability.sample.ShopApplication";

	private static final List<String> JVM_OPTIONS = List.of("-Xms256m", "-Xmx256m");

	private final TemporaryFolder folder;

	private int started;

	private Shop(TemporaryFolder folder) {
		this.folder = folder;
	}

	/** Unpacks the application twice, and takes the starter out of one. */
	static Shop unpack() throws IOException {
		TemporaryFolder folder = TemporaryFolder.create("shop");
		Shop shop = new Shop(folder);
		unpackTo(shop.application(true));
		unpackTo(shop.application(false));
		Files.delete(starterIn(shop.application(false).resolve("lib")));
		return shop;
	}

	private static void unpackTo(Path directory) throws IOException {
		if (!Files.exists(JAR)) {
			throw new IOException("sample application is not built, or this is not the project's folder: file="
					+ JAR.toAbsolutePath());
		}
		List<String> command = new ArrayList<>(
				ChildProcess.javaCommand(List.of("-Djarmode=tools", "-jar", JAR.toString())));
		command.addAll(List.of("extract", "--destination", directory.toString()));
		ChildProcess.start(command, Map.of()).close();
	}

	private static Path starterIn(Path libraries) throws IOException {
		try (Stream<Path> jars = Files.list(libraries)) {
			return jars.filter((jar) -> jar.getFileName().toString().startsWith("observability-starter"))
				.findAny()
				.orElseThrow(() -> new IOException("starter is not there: directory=" + libraries));
		}
	}

	/** Starts the application with an empty folder for all that it writes. */
	ChildProcess start(boolean withStarter, int port) throws IOException {
		return start(withStarter, port, this.folder.path().resolve("run-" + this.started++));
	}

	/** Starts the application; its store is the folder {@code store} in the directory. */
	ChildProcess start(boolean withStarter, int port, Path directory) throws IOException {
		// The jar's manifest names its libraries: one that is missing is not on the class
		// path.
		List<String> command = new ArrayList<>(ChildProcess.javaCommand(JVM_OPTIONS));
		command.addAll(List.of("-cp", application(withStarter).resolve(JAR.getFileName()).toString(), MAIN,
				"--shop.dir=" + directory, "--shop.launched=true", "--server.port=" + port));
		return ChildProcess.start(command, Map.of());
	}

	private Path application(boolean withStarter) {
		return this.folder.path().resolve(withStarter ? "with" : "without");
	}

	@Override
	public void close() throws IOException {
		this.folder.close();
	}

}
