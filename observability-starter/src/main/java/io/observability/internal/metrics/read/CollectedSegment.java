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

import org.jspecify.annotations.Nullable;

/**
 * A segment that was read for a collection.
 *
 * @param reader its series and numbers
 * @param live whether its instance is alive
 * @param slot slot number of the instance, or null if the segment is not in the files of
 * a slot
 */
record CollectedSegment(SegmentReader reader, boolean live, @Nullable Integer slot) {
}
