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

/**
 * How far the life of a segment's file has come, which the extension of its name shows.
 */
public enum SegmentStage {

	/** Its writer creates it. No reader opens it. */
	TEMPORARY("tmp"),

	/** Readers may open it. */
	READABLE("seg"),

	/** It has been read to its end, and its writer may use it again. */
	FREE("free");

	private final String extension;

	SegmentStage(String extension) {
		this.extension = extension;
	}

	String extension() {
		return this.extension;
	}

	static SegmentStage of(String extension) {
		return switch (extension) {
			case "tmp" -> TEMPORARY;
			case "seg" -> READABLE;
			case "free" -> FREE;
			default -> throw new IllegalArgumentException("unknown extension of segment file: extension=" + extension);
		};
	}

}
