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

package io.observability.internal.log.queue;

import java.util.Comparator;

/**
 * A position in a sequence of segments: everything before it has been read.
 *
 * @param index of the segment
 * @param offset in the segment
 */
public record Position(int index, int offset) implements Comparable<Position> {

	private static final Comparator<Position> ORDER = Comparator.comparingInt(Position::index)
		.thenComparingInt(Position::offset);

	public static Position startOf(int index) {
		return new Position(index, LogSegmentLayout.HEADER_SIZE);
	}

	@Override
	public int compareTo(Position other) {
		return ORDER.compare(this, other);
	}

}
