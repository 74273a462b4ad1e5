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
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;

import io.observability.internal.memory.StoreFiles;
import org.jspecify.annotations.Nullable;

/**
 * Lists a folder repeatedly: again only if the folder has changed. If the folder changed
 * less than a second before it was listed, a later change may have the same time, so that
 * listing is not used again. The time is read before the folder is: an acquire fence
 * keeps that order on all processors, or an older content could be taken for that of a
 * newer time for ever. One thread at a time.
 *
 * @param <T> what the folder's content is returned as
 */
public final class CachedListing<T> {

	private static final long SURE_MILLIS = TimeUnit.SECONDS.toMillis(1);

	private final Path directory;

	private final Lister<T> lister;

	private @Nullable T content;

	private @Nullable FileTime modified;

	public CachedListing(Path directory, Lister<T> lister) {
		this.directory = directory;
		this.lister = lister;
	}

	/** Returns what is in the folder now. */
	public T now() throws IOException {
		FileTime modified = StoreFiles.attributes(this.directory).lastModifiedTime();
		T content = this.content;
		if (content == null || !modified.equals(this.modified)) {
			boolean sure = System.currentTimeMillis() - modified.toMillis() >= SURE_MILLIS;
			VarHandle.acquireFence();
			content = this.lister.list();
			this.content = content;
			this.modified = sure ? modified : null;
		}
		return content;
	}

	/**
	 * Returns whether the folder may have changed since it was listed.
	 * @return false if it certainly has not
	 * @throws IOException if it can't be looked at
	 */
	public boolean mayHaveChanged() throws IOException {
		return this.content == null || !StoreFiles.attributes(this.directory).lastModifiedTime().equals(this.modified);
	}

	/** Lists the folder. */
	@FunctionalInterface
	public interface Lister<T> {

		T list() throws IOException;

	}

}
