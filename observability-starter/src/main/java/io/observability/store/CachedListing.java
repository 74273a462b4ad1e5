package io.observability.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * What is in a folder, for those who ask again and again: it is listed only if the folder
 * has changed. A folder that had changed less than a second before it was listed may have
 * changed once more without its time telling, so that listing is not used again. One
 * thread at a time.
 *
 * @param <T> what a listing is made into
 */
final class CachedListing<T> {

	private static final long SURE_MILLIS = TimeUnit.SECONDS.toMillis(1);

	private final Path directory;

	private final Lister<T> lister;

	private @Nullable T content;

	private @Nullable FileTime modified;

	CachedListing(Path directory, Lister<T> lister) {
		this.directory = directory;
		this.lister = lister;
	}

	/** Returns what is in it now. */
	T now() throws IOException {
		FileTime modified = Files.getLastModifiedTime(this.directory);
		T content = this.content;
		if (content == null || !modified.equals(this.modified)) {
			boolean sure = System.currentTimeMillis() - modified.toMillis() >= SURE_MILLIS;
			content = this.lister.list();
			this.content = content;
			this.modified = sure ? modified : null;
		}
		return content;
	}

	/** Lists the folder. */
	@FunctionalInterface
	interface Lister<T> {

		T list() throws IOException;

	}

}
