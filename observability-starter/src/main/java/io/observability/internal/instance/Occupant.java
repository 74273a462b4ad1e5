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

package io.observability.internal.instance;

import java.io.IOException;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;

import io.observability.internal.memory.StoreFiles;
import org.jspecify.annotations.Nullable;

/**
 * Reads repeatedly which instance holds, or last held, a slot. The file is read only if
 * it has changed since the last time. One thread at a time.
 */
public final class Occupant {

	private final Slot slot;

	private @Nullable Object key;

	private @Nullable FileTime modified;

	private @Nullable InstanceInfo info;

	public Occupant(Slot slot) {
		this.slot = slot;
	}

	/**
	 * Returns the instance that holds, or last held, the slot.
	 * @return the instance, or null if there was none or its file can't be read
	 */
	public @Nullable InstanceInfo now() {
		try {
			// Before the content: a file that replaces it meanwhile is then read next
			// time.
			BasicFileAttributes attributes = StoreFiles.attributes(this.slot.infoFile());
			if (this.info == null || attributes.fileKey() == null || !Objects.equals(attributes.fileKey(), this.key)
					|| !attributes.lastModifiedTime().equals(this.modified)) {
				this.key = attributes.fileKey();
				this.modified = attributes.lastModifiedTime();
				this.info = this.slot.occupant();
			}
			return this.info;
		}
		catch (IOException ex) {
			return null;
		}
	}

}
