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

package io.observability.internal.segment;

import java.nio.file.Path;

/**
 * The file of a segment as found in a folder.
 *
 * @param index position of the segment in its sequence, from 0
 * @param stage how far its life has come
 * @param path of the file
 */
public record ListedSegment(int index, SegmentStage stage, Path path) {

	/** Returns whether readers may open it. */
	public boolean isReadable() {
		return this.stage == SegmentStage.READABLE;
	}

}
