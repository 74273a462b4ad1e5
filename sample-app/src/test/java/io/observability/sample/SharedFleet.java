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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.util.FileSystemUtils;

/**
 * One fleet of three workers for all classes that take a {@link RunningFleet}, because
 * starting one costs more than most tests. A class begins with all workers alive.
 */
final class SharedFleet implements ParameterResolver {

	private static final int WORKERS = 3;

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return parameter.getParameter().getType() == RunningFleet.class;
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		RunningFleet fleet = context.getRoot()
			.getStore(Namespace.create(SharedFleet.class))
			.computeIfAbsent(Started.class, (key) -> Started.start(), Started.class)
			.fleet();
		fleet.awaitAlive();
		return fleet;
	}

	/** JUnit closes it after the last class. */
	private record Started(RunningFleet fleet, Path directory) implements AutoCloseable {

		static Started start() {
			try {
				Path directory = Files.createTempDirectory("fleet");
				ShopJar jar = ShopJar.executable().extract(directory);
				return new Started(RunningFleet.start(jar, WORKERS, directory), directory);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			catch (InterruptedException ex) {
				throw new AssertionError(ex);
			}
		}

		@Override
		public void close() throws IOException {
			this.fleet.close();
			FileSystemUtils.deleteRecursively(this.directory);
		}

	}

}
