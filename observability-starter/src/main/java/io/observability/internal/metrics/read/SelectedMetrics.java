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

import java.util.Collection;
import java.util.Map;

/**
 * The merged numbers of a selection of metrics.
 *
 * @param all those of the whole fleet, including terminated instances
 * @param bySlot those of each living instance alone, by slot number
 * @param state the state of the files that they were read from
 */
public record SelectedMetrics(Collection<MergedFamily> all, Map<Integer, Collection<MergedFamily>> bySlot,
		StoreState state) {
}
