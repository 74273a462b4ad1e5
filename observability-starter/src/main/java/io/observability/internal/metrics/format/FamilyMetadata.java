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

package io.observability.internal.metrics.format;

import java.util.List;

/**
 * What families of every kind have.
 *
 * @param name the metric's name in the exposition, without suffixes such as
 * {@code _bucket}
 * @param help one line of text, may be blank
 * @param unit the unit, with which the name ends; empty if there is none
 * @param type type of the metric
 * @param labelNames in the order of each series' label values
 */
public record FamilyMetadata(String name, String help, String unit, MetricType type, List<String> labelNames) {

	public FamilyMetadata {
		labelNames = List.copyOf(labelNames);
	}

	/**
	 * Creates metadata without a unit.
	 * @param name see {@link #name()}
	 * @param help see {@link #help()}
	 * @param type see {@link #type()}
	 * @param labelNames see {@link #labelNames()}
	 * @return the metadata
	 */
	public static FamilyMetadata of(String name, String help, MetricType type, List<String> labelNames) {
		return new FamilyMetadata(name, help, "", type, labelNames);
	}

	/** The same without help and unit: see {@link Family#mergeKey()}. */
	FamilyMetadata mergeKey() {
		return of(this.name, "", this.type, this.labelNames);
	}

}
