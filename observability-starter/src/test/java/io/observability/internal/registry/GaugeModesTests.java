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

package io.observability.internal.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.observability.GaugeMode;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which mode a gauge gets.
 */
class GaugeModesTests {

	@Test
	void aGaugeThatNothingIsSaidOfHasTheDefault() {
		assertThat(new GaugeModes(GaugeMode.LIVEALL, Map.of()).of("orders.open")).isEqualTo(GaugeMode.LIVEALL);
	}

	@Test
	void theLongestMatchWins() {
		GaugeModes modes = new GaugeModes(GaugeMode.LIVEALL, Map.of("*", GaugeMode.MIN, "queue.*", GaugeMode.SUM,
				"queue.size.*", GaugeMode.MAX, "queue.size.max", GaugeMode.ALL));

		assertThat(modes.of("orders")).isEqualTo(GaugeMode.MIN);
		assertThat(modes.of("queue.length")).isEqualTo(GaugeMode.SUM);
		assertThat(modes.of("queue.size.min")).isEqualTo(GaugeMode.MAX);
		assertThat(modes.of("queue.size.max")).isEqualTo(GaugeMode.ALL);
	}

	@Test
	void aWellKnownGaugeHasItsOwnUnlessConfigured() {
		assertThat(new GaugeModes(GaugeMode.ALL, Map.of()).of("hikaricp.connections.active"))
			.isEqualTo(GaugeMode.LIVESUM);
		assertThat(new GaugeModes(GaugeMode.ALL, Map.of()).of("observability.of.the.application"))
			.isEqualTo(GaugeMode.ALL);
		assertThat(new GaugeModes(GaugeMode.ALL, Map.of("hikaricp.*", GaugeMode.LIVEALL)).of("hikaricp.connections"))
			.isEqualTo(GaugeMode.LIVEALL);
		assertThat(new GaugeModes(GaugeMode.ALL, Map.of("tomcat.*", GaugeMode.SUM)).of("tomcat.global.request.max"))
			.isEqualTo(GaugeMode.SUM);
	}

	@Test
	void theDocumentListsTheWellKnownOnes() throws IOException {
		Pattern row = Pattern.compile("^\\| `([^`]+)` \\| `([^`]+)` \\| .+ \\|$", Pattern.MULTILINE);
		Matcher rows = row.matcher(Files.readString(Path.of("..", "docs", "gauge-modes.md")));
		Map<String, GaugeMode> documented = new TreeMap<>();
		while (rows.find()) {
			documented.put(rows.group(1), GaugeMode.valueOf(rows.group(2).toUpperCase(Locale.ROOT)));
		}

		assertThat(documented).isEqualTo(WellKnownGauges.MODES);
	}

}
