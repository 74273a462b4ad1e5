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

package io.observability.internal.prometheus;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.prometheus.metrics.model.snapshots.PrometheusNaming;

/**
 * Label names in the exposition. A label whose name is reserved, or equals that of
 * another label as soon as it is a Prometheus name, gets a prefix, as Prometheus does
 * with labels of a target that it has itself. Of equal names the last one stays.
 */
final class LabelNames {

	private static final String PREFIX = "exported_";

	private LabelNames() {
	}

	static List<String> exposed(List<String> names, Set<String> reserved) {
		Set<String> taken = new HashSet<>(reserved);
		List<String> exposed = new ArrayList<>(names);
		List<Integer> conflicting = new ArrayList<>();
		for (int i = names.size() - 1; i >= 0; i--) {
			if (!taken.add(PrometheusNaming.prometheusName(names.get(i)))) {
				conflicting.add(i);
			}
		}
		for (int i : conflicting) {
			String name = names.get(i);
			do {
				name = PREFIX + name;
			}
			while (!taken.add(PrometheusNaming.prometheusName(name)));
			exposed.set(i, name);
		}
		return exposed;
	}

}
