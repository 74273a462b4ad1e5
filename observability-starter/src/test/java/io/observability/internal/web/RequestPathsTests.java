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

package io.observability.internal.web;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RequestPaths}.
 */
class RequestPathsTests {

	private final RequestPaths paths = new RequestPaths(patterns("/api/**", "/orders/{id}"),
			patterns("/api/internal/*", "/orders/0"));

	@ParameterizedTest
	@CsvSource({ "/api, true", "/api/items/1, true", "/api/internal/state, false", "/api/internal/state/x, true",
			"/orders/1, true", "/orders/0, false", "/orders/1/lines, false", "/, false", "'', false",
			"/api/%69nternal/state, false", "/api/internal;v=1/state, false", "*, false" })
	void includesWhatIsIncludedAndNotExcluded(String path, boolean included) {
		assertThat(this.paths.includes(path, "")).isEqualTo(included);
		assertThat(this.paths.includes(PathContainer.parsePath(path))).isEqualTo(included);
	}

	@ParameterizedTest
	@CsvSource({ "/shop/api/items, /shop, true", "/shop/items, /shop, false", "/api/items, /shop, true",
			"/shop/api/internal/state, /shop, false" })
	void pathIsThatWithinTheApplication(String path, String contextPath, boolean included) {
		assertThat(this.paths.includes(path, contextPath)).isEqualTo(included);
	}

	@Test
	void includesAllByDefault() {
		assertThat(new RequestPaths(List.of(), List.of()).includes("/any", "")).isTrue();
		assertThat(new RequestPaths(List.of(), patterns("/one")).includes("/any", "")).isTrue();
	}

	@Test
	void pathThatCanNotBeDecodedIsForTheApplicationToRefuse() {
		assertThat(this.paths.includes("/%zz", "")).isTrue();
	}

	private static List<PathPattern> patterns(String... patterns) {
		return Stream.of(patterns).map(PathPatternParser.defaultInstance::parse).toList();
	}

}
