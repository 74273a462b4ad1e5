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

import java.time.Duration;

import io.observability.FullPolicy;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a native image includes because the starter says so.
 */
class ObservabilityRuntimeHintsTests {

	@Test
	void pageFragmentAndEarlyPropertiesAreIncluded() throws Exception {
		RuntimeHints hints = new RuntimeHints();
		SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories")
			.load(RuntimeHintsRegistrar.class)
			.stream()
			.filter(ObservabilityRuntimeHints.class::isInstance)
			.forEach((registrar) -> registrar.registerHints(hints, null));
		for (String resource : new String[] { "io/observability/internal/actuate/fleet.html",
				"io/observability/internal/actuate/fleet.js", "io/observability/internal/actuate/fleet.css",
				"io/observability/internal/actuate/fleet.svg", "io/observability/logback/merged-file-appender.xml",
				"META-INF/maven/org.webjars.npm/chart.js/pom.properties",
				"META-INF/resources/webjars/chart.js/4.5.1/dist/chart.umd.min.js" }) {
			assertThat(RuntimeHintsPredicates.resource().forResource(resource)).as(resource).accepts(hints);
		}
		assertThat(RuntimeHintsPredicates.reflection()
			.onType(LoggingProperties.class)
			.withAnyMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS)
			.or(RuntimeHintsPredicates.reflection()
				.onConstructorInvocation(LoggingProperties.class.getDeclaredConstructor(Boolean.class, DataSize.class,
						FullPolicy.class, Duration.class))))
			.accepts(hints);
	}

}
