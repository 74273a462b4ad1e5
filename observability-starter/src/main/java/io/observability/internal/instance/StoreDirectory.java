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
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;

import io.observability.internal.memory.Permissions;

/**
 * The shared folder of a fleet: where its parts are, and whether the folder can be
 * trusted. <pre>
 * slots/&lt;n&gt;/lock              held while the instance lives
 * slots/&lt;n&gt;/instance          which instance that is, or was
 * slots/&lt;n&gt;/metrics-*.seg     series and their numbers
 * slots/&lt;n&gt;/log-*.seg         log events that are to be collected
 * archive/                   totals of terminated instances
 * collector.lock             held by the instance that writes the merged log
 * collector.checkpoint       how much of the queues it has written
 * </pre>
 */
public final class StoreDirectory {

	private static final Set<String> NETWORK_FILE_SYSTEMS = Set.of("nfs", "nfs4", "cifs", "smb", "smb2", "smb3",
			"smbfs", "9p", "afs", "ceph", "glusterfs", "fuse.sshfs", "fuse.glusterfs");

	private static final String PROBE_PREFIX = "probe-";

	private static final String PROBE_SUFFIX = ".tmp";

	/** No living process needs one for so long. */
	private static final Duration PROBE_AGE = Duration.ofMinutes(1);

	private final Path path;

	private StoreDirectory(Path path) {
		this.path = path;
	}

	/**
	 * Opens the folder, creating it for its owner alone if it is missing.
	 * @param directory the folder
	 * @return the checked folder
	 * @throws IOException if it can't be created or written, is a symbolic link, or
	 * belongs to another user who does not share it: see {@link Permissions}
	 */
	public static StoreDirectory open(Path directory) throws IOException {
		Path path = directory.toAbsolutePath().normalize();
		if (Files.isSymbolicLink(path)) {
			throw new UntrustedStoreException("store directory is a symbolic link: directory=" + path);
		}
		if (!Files.isDirectory(path)) {
			create(path);
		}
		if (!Permissions.isGroupShared(path)) {
			requireOwned(path);
		}
		StoreDirectory store = new StoreDirectory(path);
		Permissions.createDirectories(store.slots());
		Permissions.createDirectories(store.archive());
		return store;
	}

	/** Creates again what has been deleted of it. */
	void restore() throws IOException {
		open(this.path);
	}

	private static void create(Path path) throws IOException {
		Path parent = path.getParent();
		if (parent != null) {
			Files.createDirectories(parent);
		}
		// Not createDirectory: several instances may start at once.
		Permissions.createDirectories(path);
	}

	private static void requireOwned(Path path) throws IOException {
		deleteOldProbes(path);
		// A new file shows both whether this process may write here and who its user is.
		Path probe = Files.createTempFile(path, PROBE_PREFIX, PROBE_SUFFIX);
		try {
			UserPrincipal self = Files.getOwner(probe, LinkOption.NOFOLLOW_LINKS);
			UserPrincipal owner = Files.getOwner(path, LinkOption.NOFOLLOW_LINKS);
			if (!owner.equals(self)) {
				throw new UntrustedStoreException("store directory belongs to another user: owner=" + owner + ", user="
						+ self + ", directory=" + path);
			}
		}
		catch (UnsupportedOperationException ex) {
			// A file system without owners: nothing to compare.
		}
		finally {
			Files.deleteIfExists(probe);
		}
	}

	/** Deletes what processes that were killed at their start have left. */
	private static void deleteOldProbes(Path path) throws IOException {
		FileTime old = FileTime.from(Instant.now().minus(PROBE_AGE));
		try (DirectoryStream<Path> probes = Files.newDirectoryStream(path, PROBE_PREFIX + "*" + PROBE_SUFFIX)) {
			for (Path probe : probes) {
				if (Files.getLastModifiedTime(probe, LinkOption.NOFOLLOW_LINKS).compareTo(old) < 0) {
					Files.deleteIfExists(probe);
				}
			}
		}
		catch (NoSuchFileException | DirectoryNotEmptyException | DirectoryIteratorException ex) {
			// Another process deletes it, or it is no probe.
		}
	}

	/**
	 * Returns whether the folder is on a network file system, where mapped files are not
	 * coherent between hosts.
	 * @return whether the file system's type is known as one
	 */
	public boolean isOnNetwork() {
		try {
			FileStore fileStore = Files.getFileStore(this.path);
			return NETWORK_FILE_SYSTEMS.contains(fileStore.type().toLowerCase(Locale.ROOT));
		}
		catch (IOException ex) {
			return false;
		}
	}

	public Path path() {
		return this.path;
	}

	public Path slots() {
		return this.path.resolve("slots");
	}

	public Path archive() {
		return this.path.resolve("archive");
	}

	public Path collectorLock() {
		return this.path.resolve("collector.lock");
	}

	public Path collectorCheckpoint() {
		return this.path.resolve("collector.checkpoint");
	}

	@Override
	public String toString() {
		return this.path.toString();
	}

}
