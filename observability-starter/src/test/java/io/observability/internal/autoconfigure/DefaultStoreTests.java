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
import java.util.Locale;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/** Where the store is if none is configured. */
class DefaultStoreTests {

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "shop", "order-service", "v1.2_x", "0" })
	void plainNamesStayAsTheyAre(String name) {
		assertThat(DefaultStoreName.encode(name)).isEqualTo(name);
	}

	@Test
	void differentNamesHaveDifferentFolders() {
		List<String> names = List.of("shop", "Shop", "SHOP", "team/a", "team a", "team_a", "käse", "kase", "заказы",
				"корзина", "..", ".", ".hidden", "~", "x".repeat(64), "x".repeat(65), "x".repeat(300),
				"x".repeat(299) + "y");
		assertThat(names.stream().map(DefaultStoreName::encode).map((name) -> name.toLowerCase(Locale.ROOT)))
			.doesNotHaveDuplicates()
			.allMatch((name) -> name.matches("[a-z0-9._~-]{1,70}") && !name.matches("\\.+"));
	}

	@ParameterizedTest
	@CsvSource({ "jar:nested:/opt/app/app.jar/!BOOT-INF/classes/!/, /opt/app/app.jar",
			"jar:file:/opt/app/app.jar!/BOOT-INF/classes!/, /opt/app/app.jar",
			"file:/opt/app/app.jar, /opt/app/app.jar", "file:/opt/app/./target/classes/, /opt/app/target/classes" })
	void applicationIsLoadedFromAJarOrAFolder(String location, String path) {
		assertThat(DefaultStoreName.path(location)).isEqualTo(path);
	}

	@Test
	void withoutANameTheMainClassCounts() {
		String one = storeOf(DefaultStoreTests.class);
		String two = storeOf(LoggingApplication.class);
		assertThat(one).startsWith("DefaultStoreTests~").isEqualTo(storeOf(DefaultStoreTests.class));
		assertThat(two).startsWith("LoggingApplication~");
		assertThat(DefaultStoreName.of(new MockEnvironment().withProperty("spring.application.name", "shop")))
			.isEqualTo("shop");
	}

	private static String storeOf(Class<?> mainClass) {
		SpringApplication application = new SpringApplication(DefaultStoreTests.class);
		application.setMainApplicationClass(mainClass);
		application.setWebApplicationType(WebApplicationType.NONE);
		try (ConfigurableApplicationContext context = application.run("--observability.logging.enabled=false")) {
			return StoreLocation.of(context.getEnvironment()).directory().getFileName().toString();
		}
	}

	@Test
	void storeIsInTheHomeOfTheUser() {
		assertThat(DefaultStorePlace.of(this.directory.toString(), "/var/lib/shop").folderOf("shop"))
			.isEqualTo(this.directory.resolve(".local/state/observability/shop"));
	}

	@Test
	void withoutAHomeItIsInTheStateDirectoryOfSystemd() throws IOException {
		Path state = Files.createDirectory(this.directory.resolve("state"));
		assertThat(DefaultStorePlace.of("/nonexistent", state + ":/elsewhere").folderOf("shop"))
			.isEqualTo(state.resolve("observability/shop"));
		Files.createFile(Files.createDirectories(this.directory.resolve("home/.local")).resolve("state"));
		assertThat(DefaultStorePlace.of(this.directory.resolve("home").toString(), state.toString()).folderOf("shop"))
			.isEqualTo(state.resolve("observability/shop"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "?", "/", "/nonexistent" })
	void withoutEitherItIsATemporaryFolder(String home) {
		assertThat(DefaultStorePlace.of(home, null).folderOf("shop")).isEqualTo(Path
			.of(System.getProperty("java.io.tmpdir"), "observability-" + System.getProperty("user.name") + "-shop"));
	}

}
