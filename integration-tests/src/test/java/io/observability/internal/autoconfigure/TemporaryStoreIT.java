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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.observability.testing.ForkedJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.core.env.Environment;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A test of an application leaves nothing in the application's own store, and a training
 * run leaves nothing at all.
 */
@SpringBootTest(classes = LoggingApplication.class, webEnvironment = SpringBootTest.WebEnvironment.NONE,
		properties = "spring.application.name=shop-under-test")
@DirtiesContext // other tests of this JVM set logging up anew
class TemporaryStoreIT {

	@TempDir
	private Path directory;

	@Test
	void testHasAStoreOfItsOwn(@Autowired Environment environment) {
		assertThat(StoreLocation.of(environment).directory()).isDirectory()
			.hasParent(Path.of(System.getProperty("java.io.tmpdir")));
		assertThat(DefaultStorePlace.ofThisProcess().folderOf("shop-under-test")).doesNotExist();
	}

	@Test
	void nextProcessDeletesThatOfATerminatedOne() throws IOException {
		Path own = TemporaryStore.create();
		Path left = Files.createTempDirectory("observability-test-" + Integer.MAX_VALUE + "-");
		Files.createFile(left.resolve("file"));
		Path other = Files.createTempDirectory("observability-test-x-");
		Path next = TemporaryStore.create();
		assertThat(left).doesNotExist();
		assertThat(List.of(own, other, next)).allMatch(Files::exists);
		for (Path store : List.of(own, other, next)) {
			FileSystemUtils.deleteRecursively(store);
		}
	}

	@Test
	void trainingRunLeavesNothing() throws IOException {
		try (ForkedJvm jvm = ForkedJvm.start(FleetPageApplication.class,
				Map.of("spring.context.exit", "onRefresh", "java.io.tmpdir", this.directory.toString()),
				"--server.port=0", "--observability.store.directory=" + this.directory.resolve("store"),
				"--logging.file.name=" + this.directory.resolve("app.log"))) {
			assertThat(jvm.awaitExit()).isZero();
		}
		try (Stream<Path> files = Files.list(this.directory)) {
			// Tomcat leaves its own.
			assertThat(files.map((file) -> file.getFileName().toString()))
				.allMatch((file) -> file.equals("app.log") || file.startsWith("tomcat"));
		}
	}

}
