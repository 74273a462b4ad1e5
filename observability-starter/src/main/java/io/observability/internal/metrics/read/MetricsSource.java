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

package io.observability.internal.metrics.read;

import java.io.IOException;
import java.util.Collection;
import java.util.function.Function;

/**
 * A source of merged metrics. Safe for any thread.
 */
public interface MetricsSource {

	/**
	 * Reads the current numbers of all metrics.
	 * @param <T> type of the result
	 * @param use called once with the families, which are reused at the next collection
	 * and must not be kept
	 * @return what {@code use} returns
	 * @throws IOException if nothing can be read
	 */
	<T> T collect(Function<Collection<MergedFamily>, T> use) throws IOException;

	/**
	 * Reads the current numbers of some metrics and, if the source has them, those of
	 * each living instance alone.
	 * @param <T> type of the result
	 * @param selection the metrics to read; only to be used with this source
	 * @param use called once with the numbers, which are reused at the next collection
	 * and must not be kept
	 * @return what {@code use} returns
	 * @throws IOException if nothing can be read
	 */
	default <T> T collect(MetricsSelection selection, Function<SelectedMetrics, T> use) throws IOException {
		return collect((families) -> use.apply(selection.from(families)));
	}

}
