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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The file of a segment as it was made, to see what others have done to it.
 *
 * @param path where it was made
 * @param key which file it is, or null if the file system can't tell
 * @param size in bytes
 */
public record SegmentFile(Path path, @Nullable Object key, int size) {

	public static SegmentFile of(Path path, int size) throws IOException {
		return new SegmentFile(path, attributes(path).fileKey(), size);
	}

	/** Whether it is where it was made, and has not been cut off. */
	public boolean isIntact() {
		try {
			BasicFileAttributes found = attributes(this.path);
			return Objects.equals(found.fileKey(), this.key) && found.size() >= this.size;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * How much of it its writer still has in memory: all, if it was deleted or moved
	 * away, else what is left of it.
	 */
	public int intactBytes() {
		try {
			BasicFileAttributes found = attributes(this.path);
			return Objects.equals(found.fileKey(), this.key) ? (int) Math.min(found.size(), this.size) : this.size;
		}
		catch (IOException ex) {
			return this.size;
		}
	}

	/** Deletes what is left of it, but not another file that has its name now. */
	public void delete() {
		try {
			if (Objects.equals(attributes(this.path).fileKey(), this.key)) {
				Files.deleteIfExists(this.path);
			}
		}
		catch (IOException ex) {
			// It is gone, or stays: nobody takes it for a whole one.
		}
	}

	private static BasicFileAttributes attributes(Path path) throws IOException {
		return Files.readAttributes(path, BasicFileAttributes.class);
	}

}
