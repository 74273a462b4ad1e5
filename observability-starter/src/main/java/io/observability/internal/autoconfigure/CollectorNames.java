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

import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

import io.observability.internal.segment.Problems;
import io.observability.internal.web.HttpMeterNames;

/**
 * The names of the metrics of an application's collectors: one that has a name of the
 * starter's own metrics gets a prefix, so that they are not added up.
 */
final class CollectorNames implements UnaryOperator<String> {

	private static final String RENAMED = "metric of a collector has another name, because one of the starter's own has this "
			+ "one; rename it: ";

	private static final String OWN = "observability_";

	private static final String PREFIX = "exported_";

	private final BooleanSupplier countsRequests;

	private final Problems problems;

	/**
	 * Creates the names.
	 * @param countsRequests whether there is a request filter
	 * @param problems where metrics that are renamed are reported
	 */
	CollectorNames(BooleanSupplier countsRequests, Problems problems) {
		this.countsRequests = countsRequests;
		this.problems = problems;
	}

	@Override
	public String apply(String name) {
		if (!isReserved(name)) {
			return name;
		}
		String renamed = PREFIX + name;
		this.problems.report(name, RENAMED, "new name=" + renamed);
		return renamed;
	}

	private boolean isReserved(String name) {
		return name.startsWith(OWN) || (HttpMeterNames.isReserved(name) && this.countsRequests.getAsBoolean());
	}

}
