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
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

import io.observability.internal.memory.StoreFiles;
import org.jspecify.annotations.Nullable;

/**
 * The file of a segment as its writer created it, to see what other programs have done to
 * it.
 *
 * @param path where it was created
 * @param key identifies the file, or null if the file system has no keys
 * @param size in bytes
 */
public record SegmentFile(Path path, @Nullable Object key, int size) {

	public static SegmentFile of(Path path, int size) throws IOException {
		return new SegmentFile(path, attributes(path).fileKey(), size);
	}

	/** Returns the same file under the path that it will be moved to. */
	public SegmentFile at(Path moved) {
		return new SegmentFile(moved, this.key, this.size);
	}

	/** Returns whether it still exists under its path and has not been cut off. */
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
	 * Returns how many bytes of it its writer still has in memory: all if it was deleted
	 * or moved away, else those that are left.
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

	/** Deletes the file, but not another one that has its path now. */
	public void delete() {
		try {
			if (Objects.equals(attributes(this.path).fileKey(), this.key)) {
				StoreFiles.deleteIfExists(this.path);
			}
		}
		catch (IOException ex) {
			// If it still exists, readers see that it is not complete.
		}
	}

	private static BasicFileAttributes attributes(Path path) throws IOException {
		return StoreFiles.attributes(path);
	}

}
