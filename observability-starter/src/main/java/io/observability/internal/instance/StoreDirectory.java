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
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import io.observability.internal.memory.Permissions;
import io.observability.internal.memory.StoreFiles;
import io.observability.internal.memory.StoreFolders;
import io.observability.internal.memory.UntrustedFileException;
import org.jspecify.annotations.Nullable;

/**
 * The shared folder of a fleet: where its parts are, and whether the folder can be
 * trusted. <pre>
 * slots/&lt;n&gt;/lock              held while the instance lives
 * slots/&lt;n&gt;/instance          which instance that is, or was
 * slots/&lt;n&gt;/alive             when that gave its last sign of life
 * slots/&lt;n&gt;/metrics-*.seg     series and their numbers
 * slots/&lt;n&gt;/log-*.seg         log events that are to be collected
 * archive/                   totals of terminated instances
 * collector.lock             held by the instance that writes the merged log
 * collector.checkpoint       how much of the queues it has written
 * collector.claim            which log file the collector writes
 * logs/&lt;name&gt;/              a store of its own for each further log file
 * sinks/                     likewise, for appenders that are attached to the log
 * </pre>
 */
public final class StoreDirectory {

	private static final Set<String> NETWORK_FILE_SYSTEMS = Set.of("nfs", "nfs4", "cifs", "smb", "smb2", "smb3",
			"smbfs", "9p", "afs", "ceph", "glusterfs", "fuse.sshfs", "fuse.glusterfs");

	private static final String PROBE_PREFIX = "probe-";

	private static final String PROBE_SUFFIX = ".tmp";

	/** No living process needs one for so long. */
	private static final Duration PROBE_LIFETIME = Duration.ofMinutes(1);

	private final Path path;

	private StoreDirectory(Path path) {
		this.path = path;
	}

	/**
	 * Opens the folder, creating it for its owner alone if it is missing.
	 * @param directory the folder
	 * @return the checked folder
	 * @throws UntrustedStoreException if it is a symbolic link, if any user can write to
	 * it, or if it belongs to another user who does not share it: see {@link Permissions}
	 * @throws IOException if it can't be created or written
	 */
	public static StoreDirectory open(Path directory) throws IOException {
		Path path = directory.toAbsolutePath().normalize();
		if (Files.isSymbolicLink(path)) {
			throw new UntrustedStoreException("store directory is a symbolic link: directory=" + path);
		}
		if (!Files.isDirectory(path)) {
			createParents(path);
			StoreFolders.createRoot(path);
		}
		StoreDirectory store = new StoreDirectory(path);
		store.requireTrusted();
		boolean used = StoreFolders.isDirectory(store.slots()) || StoreFolders.isDirectory(store.archive());
		store.create(store.slots(), used);
		store.create(store.archive(), used);
		return store;
	}

	private void create(Path directory, boolean used) throws IOException {
		try {
			StoreFolders.createDirectories(directory);
		}
		catch (UntrustedFileException ex) {
			if (!used) {
				throw new UntrustedStoreException("store directory has other content: " + ex.getMessage());
			}
			// Another program or user has put it there.
			StoreFiles.putAside(directory);
			StoreFolders.createDirectories(directory);
		}
	}

	/**
	 * Opens the store of a further log, creating it if it is missing.
	 * @param name of the folder
	 * @return the checked folder
	 * @throws IOException as for {@link #open}
	 */
	public StoreDirectory openLog(String name) throws IOException {
		StoreFolders.createDirectories(logs());
		return open(logs().resolve(name));
	}

	/**
	 * Lists this store and those of further logs in it. Creates and checks nothing.
	 * @return the stores, this one first
	 * @throws IOException if the folder can't be read
	 */
	public List<StoreDirectory> withLogs() throws IOException {
		List<StoreDirectory> stores = new ArrayList<>();
		if (StoreFolders.isDirectory(logs())) {
			StoreFolders.list(logs(), "", "")
				.stream()
				.filter(StoreFolders::isDirectory)
				.forEach((path) -> stores.add(new StoreDirectory(path)));
		}
		stores.sort(Comparator.comparing(StoreDirectory::path));
		stores.add(0, this);
		return stores;
	}

	/**
	 * Opens the store of the appenders that are attached to this one's log, creating it
	 * if it is missing.
	 * @return the checked folder
	 * @throws IOException as for {@link #open}
	 */
	public StoreDirectory openSinks() throws IOException {
		return open(sinksPath());
	}

	/**
	 * Finds the store of attached appenders. Creates and checks nothing.
	 * @return the store, or null if there is none
	 */
	public @Nullable StoreDirectory sinks() {
		return StoreFolders.isDirectory(sinksPath()) ? new StoreDirectory(sinksPath()) : null;
	}

	private Path sinksPath() {
		return this.path.resolve("sinks");
	}

	/** Creates again what has been deleted of it. */
	void restore() throws IOException {
		open(this.path);
	}

	/** Those in a store that is shared are shared, too. */
	private static void createParents(Path path) throws IOException {
		Path parent = path.getParent();
		if (parent == null || Files.isDirectory(parent)) {
			return;
		}
		createParents(parent);
		Path above = parent.getParent();
		if (above != null && Permissions.isGroupShared(above)) {
			StoreFolders.createDirectories(parent);
		}
		else {
			Files.createDirectories(parent);
		}
	}

	private void requireTrusted() throws IOException {
		if (Permissions.isOpenToAll(this.path)) {
			throw new UntrustedStoreException(
					"any user can replace the files in the store directory: directory=" + this.path);
		}
		if (!Permissions.isGroupShared(this.path)) {
			requireOwned(this.path);
		}
	}

	private static void requireOwned(Path path) throws IOException {
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
		deleteOldProbes(path);
	}

	/** A process that was killed during its check has left one. */
	private static void deleteOldProbes(Path path) throws IOException {
		Instant old = Instant.now().minus(PROBE_LIFETIME);
		for (Path probe : StoreFolders.list(path, PROBE_PREFIX, PROBE_SUFFIX)) {
			try {
				if (StoreFiles.attributes(probe).lastModifiedTime().toInstant().isBefore(old)) {
					StoreFiles.deleteIfExists(probe);
				}
			}
			catch (NoSuchFileException | DirectoryNotEmptyException ex) {
				// Another process deletes it, or it is no probe.
			}
		}
	}

	/**
	 * Returns whether the folder is on a network file system, where mapped files are not
	 * coherent between hosts.
	 * @return whether the file system's type is known as one
	 */
	public boolean isOnNetwork() {
		return isOnNetwork(this.path);
	}

	/**
	 * Returns whether a file or folder is on a network file system.
	 * @param path the file or folder
	 * @return whether the file system's type is known as one
	 */
	public static boolean isOnNetwork(Path path) {
		try {
			FileStore fileStore = Files.getFileStore(path);
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

	public Path archivedTotals() {
		return archive().resolve("totals.seg");
	}

	private Path logs() {
		return this.path.resolve("logs");
	}

	public Path metricsRead() {
		return this.path.resolve("metrics.read");
	}

	public Path collectorClaim() {
		return this.path.resolve("collector.claim");
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
