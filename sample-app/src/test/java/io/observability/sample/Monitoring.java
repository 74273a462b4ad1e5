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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.jayway.jsonpath.JsonPath;

/**
 * The examples for those who run a fleet.
 */
final class Monitoring {

	static final Path DIRECTORY = Path.of("..", "monitoring");

	/** Names of metrics; one name that looks like them is a label. */
	private static final Pattern METRIC = Pattern
		.compile("\\b(?!http_status)(http|jvm|process|logback|observability)_[a-z_]+(?=[{\\[ )]|$)");

	private Monitoring() {
	}

	/** The queries of the dashboard, with its variables filled in. */
	static List<String> dashboardQueries() throws IOException {
		String dashboard = Files.readString(DIRECTORY.resolve("grafana-dashboard.json"));
		List<String> queries = JsonPath.read(dashboard, "$.panels[*].targets[*].expr");
		return queries.stream()
			.map((query) -> query.replace("$__rate_interval", "1m").replace("$__range", "1h").replace("$job", "shop"))
			.toList();
	}

	/** The expressions of the rules. */
	static List<String> ruleExpressions() throws IOException {
		List<String> expressions = new ArrayList<>();
		Matcher matcher = Pattern.compile("expr: (?:>\\s+)?(.*(?:\\n {10}\\S.*)*)")
			.matcher(Files.readString(DIRECTORY.resolve("rules.yml")));
		while (matcher.find()) {
			expressions.add(matcher.group(1));
		}
		return expressions;
	}

	/** The names of all metrics that dashboard and rules ask for. */
	static Set<String> metrics() throws IOException {
		List<String> expressions = new ArrayList<>(dashboardQueries());
		expressions.addAll(ruleExpressions());
		Set<String> names = new TreeSet<>();
		for (String expression : expressions) {
			Matcher matcher = METRIC.matcher(expression);
			while (matcher.find()) {
				if (expression.charAt(Math.max(0, matcher.start() - 1)) != ':') {
					names.add(matcher.group());
				}
			}
		}
		return names;
	}

}
