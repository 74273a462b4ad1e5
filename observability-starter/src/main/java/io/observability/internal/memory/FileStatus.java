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

package io.observability.internal.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What a path leads to at one moment, links not followed.
 *
 * @param key identifies the file, null where the file system has no such thing
 * @param type what it is
 * @param mode its permissions, with the set-group-id and sticky bits; 0 where there are
 * none
 * @param user number of its owner, -1 where there are none
 * @param group number of its group, -1 where there are none
 * @param links number of its names, 1 where that is unknown
 */
record FileStatus(@Nullable Object key, Type type, int mode, int user, int group, int links) {

	private static final String UNIX = "unix";

	private static final String ATTRIBUTES = UNIX + ":mode,uid,gid,nlink,fileKey";

	private static final int PERMISSIONS = 07777;

	private static final int TYPE = 0170000;

	private static final int REGULAR = 0100000;

	private static final int DIRECTORY = 0040000;

	private static final int LINK = 0120000;

	/** What a path can lead to. */
	enum Type {

		FILE("a file"), DIRECTORY("a directory"), LINK("a symbolic link"), OTHER("a pipe or device");

		private final String description;

		Type(String description) {
			this.description = description;
		}

		@Override
		public String toString() {
			return this.description;
		}

	}

	static FileStatus of(Path path) throws IOException {
		if (!path.getFileSystem().supportedFileAttributeViews().contains(UNIX)) {
			return ofBasic(Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
		}
		Map<String, Object> values = Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
		int mode = number(values, "mode");
		return new FileStatus(values.get("fileKey"), type(mode & TYPE), mode & PERMISSIONS, number(values, "uid"),
				number(values, "gid"), number(values, "nlink"));
	}

	private static FileStatus ofBasic(BasicFileAttributes attributes) {
		Type type = Type.OTHER;
		if (attributes.isRegularFile()) {
			type = Type.FILE;
		}
		else if (attributes.isDirectory()) {
			type = Type.DIRECTORY;
		}
		else if (attributes.isSymbolicLink()) {
			type = Type.LINK;
		}
		return new FileStatus(attributes.fileKey(), type, 0, -1, -1, 1);
	}

	private static Type type(int bits) {
		return switch (bits) {
			case REGULAR -> Type.FILE;
			case DIRECTORY -> Type.DIRECTORY;
			case LINK -> Type.LINK;
			default -> Type.OTHER;
		};
	}

	private static int number(Map<String, Object> values, String name) {
		return (int) Objects.requireNonNull(values.get(name));
	}

	boolean has(int permissions) {
		return (this.mode & permissions) == permissions;
	}

	/** Returns whether it is the same file as at another moment. */
	boolean isSameAs(FileStatus other) {
		return Objects.equals(this.key, other.key) && this.type == other.type;
	}

}
