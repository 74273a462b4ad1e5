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

/**
 * Kind of the cells that hold a series' numbers. Codes are part of the file format: never
 * change one.
 */
public enum CellKind {

	/** Any number of threads add to them: see {@link TotalsLayout}. */
	TOTALS(1),

	/** One thread at a time overwrites them: see {@link SampleLayout}. */
	SAMPLE(2),

	/** The greatest value of a moving time window: see {@link WindowMaxLayout}. */
	WINDOW_MAX(3),

	/** Recorded values with the spans they belong to: see {@link ExemplarsLayout}. */
	EXEMPLARS(4);

	private final int code;

	CellKind(int code) {
		this.code = code;
	}

	int code() {
		return this.code;
	}

}
