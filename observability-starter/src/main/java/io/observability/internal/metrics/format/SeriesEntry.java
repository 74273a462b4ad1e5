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
 * A series as recorded in one segment.
 *
 * @param family what it has in common with others
 * @param labelValues in the order of the family's label names; in an archive, if the
 * family keeps instances apart, followed by the instance's name
 * @param createdMillis when it was created, since the epoch
 * @param endedMillis in an archive, when the last instance that had it was found
 * terminated, since the epoch; else 0
 * @param cells offset of its numbers in the segment
 */
public record SeriesEntry(Family family, List<String> labelValues, long createdMillis, long endedMillis, int cells) {
}
