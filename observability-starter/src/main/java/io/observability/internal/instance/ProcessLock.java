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

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

import io.observability.internal.memory.StoreFiles;
import io.observability.internal.memory.Uninterruptibly;
import io.observability.internal.memory.UntrustedFileException;
import org.jspecify.annotations.Nullable;

/**
 * An exclusive operating-system lock on a file, held until closed or until the process
 * ends, however it ends.
 *
 * <p>
 * Protocol. The owner's lock is exclusive. A process that only probes whether there is an
 * owner takes a shared lock for an instant, so that probes don't disturb each other. A
 * process that fails to acquire the lock probes as well: if it gets a shared lock, only
 * probes were in its way, and it tries again; if not, there is an owner. The kernel drops
 * the locks of a process that dies, so nothing is left behind at any point.
 *
 * <p>
 * POSIX drops all locks that a process has on a file as soon as it closes any channel on
 * that file. So this JVM keeps a set of the files that it holds and never opens one of
 * them a second time. Other code may; what the kernel lists shows it, see
 * {@link KernelLocks}. The set is shared through the system properties because several
 * class loaders (a servlet container, devtools) may each have their own copy of this
 * class. All methods are safe for any thread.
 */
public final class ProcessLock implements Closeable {

	private static final Set<Object> HELD_BY_THIS_JVM = heldByThisJvm();

	private final Object key;

	private final Path file;

	private final FileChannel channel;

	/** How the kernel lists the lock, or null if it does not. */
	private final @Nullable String listed;

	private ProcessLock(Object key, Path file, FileChannel channel, @Nullable String listed) {
		this.key = key;
		this.file = file;
		this.channel = channel;
		this.listed = listed;
	}

	@SuppressWarnings("unchecked")
	private static Set<Object> heldByThisJvm() {
		return (Set<Object>) System.getProperties()
			.computeIfAbsent(ProcessLock.class.getName(), (name) -> new HashSet<Object>());
	}

	/**
	 * Takes the lock if it is free, without waiting for its owner.
	 * @param file created if missing; its folder must exist
	 * @return the lock, or null if this or another process has it
	 * @throws UntrustedFileException if something else was in the file's place; it has
	 * been put aside, so that the next attempt succeeds
	 * @throws AccessDeniedException if this process may not open the file; likewise
	 * @throws IOException if the file can't be opened or locked
	 */
	public static @Nullable ProcessLock tryAcquire(Path file) throws IOException {
		return Uninterruptibly.call(() -> Optional.ofNullable(tryAcquireOnce(file))).orElse(null);
	}

	private static @Nullable ProcessLock tryAcquireOnce(Path file) throws IOException {
		synchronized (HELD_BY_THIS_JVM) {
			if (HELD_BY_THIS_JVM.contains(key(file))) {
				return null;
			}
			FileChannel channel = openLock(file);
			ProcessLock lock = null;
			try {
				if (lockExclusively(channel)) {
					lock = new ProcessLock(key(file), file, channel, KernelLocks.find(file));
				}
			}
			finally {
				if (lock == null) {
					channel.close();
				}
			}
			if (lock != null) {
				HELD_BY_THIS_JVM.add(lock.key);
			}
			return lock;
		}
	}

	/**
	 * Puts aside what no process can have locked, because each would refuse it, and a
	 * file that this process may not open: all locks of a store are made for all its
	 * users. A process that has locked such a file notices that it is gone.
	 */
	private static FileChannel openLock(Path file) throws IOException {
		try {
			return StoreFiles.openLock(file);
		}
		catch (UntrustedFileException | AccessDeniedException ex) {
			if (StoreFiles.exists(file)) {
				StoreFiles.putAside(file);
			}
			throw ex;
		}
	}

	/**
	 * Returns whether this or another process has the lock.
	 * @param file the locked file; a missing one is not held
	 * @return whether there is an owner
	 * @throws IOException if the file can't be opened or probed
	 */
	public static boolean isHeld(Path file) throws IOException {
		return Uninterruptibly.call(() -> isHeldNow(file));
	}

	private static boolean isHeldNow(Path file) throws IOException {
		synchronized (HELD_BY_THIS_JVM) {
			try {
				BasicFileAttributes attributes = StoreFiles.attributes(file);
				if (HELD_BY_THIS_JVM.contains(key(file, attributes))) {
					return true;
				}
				try (FileChannel channel = StoreFiles.openToProbe(file, attributes)) {
					return !tryShared(channel);
				}
			}
			catch (NoSuchFileException ex) {
				return false;
			}
		}
	}

	/**
	 * Returns whether the locked file still exists under its path. If another program has
	 * deleted it, other processes find no lock, or lock a file of their own. They find
	 * none either if the lock is lost, see {@link #isLost()}.
	 * @return whether other processes see this lock
	 */
	public boolean isIntact() {
		try {
			return this.channel.isOpen() && this.key.equals(key(this.file, StoreFiles.attributes(this.file)))
					&& !isLost();
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Returns whether the kernel has dropped the lock, because other code of this process
	 * has closed the locked file. It can't be taken again before this one is closed.
	 * @return whether it is lost; false if that is unknown, or happened a moment ago
	 */
	public boolean isLost() {
		return this.listed != null && !KernelLocks.areListing(this.listed);
	}

	/**
	 * Returns whether another file has replaced the locked one, so that another process
	 * may hold a lock beside this one.
	 * @return whether it was replaced; false if it was only deleted
	 */
	public boolean isReplaced() {
		try {
			return !this.key.equals(key(this.file, StoreFiles.attributes(this.file)));
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Changes the time of the locked file to now. It is done by writing: to set the time
	 * the platform may open and close the file, which would drop the lock.
	 * @throws IOException if the file can't be written
	 */
	public void touch() throws IOException {
		this.channel.write(ByteBuffer.allocate(1), 0);
	}

	private static boolean lockExclusively(FileChannel channel) throws IOException {
		do {
			if (tryLock(channel, false) != null) {
				return true;
			}
		}
		while (tryShared(channel));
		return false;
	}

	private static boolean tryShared(FileChannel channel) throws IOException {
		FileLock lock = tryLock(channel, true);
		if (lock == null) {
			return false;
		}
		lock.release();
		return true;
	}

	private static @Nullable FileLock tryLock(FileChannel channel, boolean shared) throws IOException {
		try {
			return channel.tryLock(0, Long.MAX_VALUE, shared);
		}
		catch (OverlappingFileLockException ex) {
			// Another library in this JVM has locked the file: it is held.
			return null;
		}
	}

	/**
	 * Identifies the file: by its number if the file system has numbers, else by path.
	 */
	private static Object key(Path file) throws IOException {
		try {
			return key(file, StoreFiles.attributes(file));
		}
		catch (NoSuchFileException ex) {
			// It has no number yet.
			return pathKey(file);
		}
	}

	private static Object key(Path file, BasicFileAttributes attributes) throws IOException {
		Object key = attributes.fileKey();
		return (key != null) ? key : pathKey(file);
	}

	private static String pathKey(Path file) throws IOException {
		Path absolute = file.toAbsolutePath();
		Path directory = absolute.getParent();
		return (directory != null) ? directory.toRealPath().resolve(absolute.getFileName()).toString()
				: absolute.toString();
	}

	/** Releases the lock. Closing twice does nothing. */
	@Override
	public void close() throws IOException {
		synchronized (HELD_BY_THIS_JVM) {
			if (this.channel.isOpen()) {
				// The set first: once the channel is closed, another thread may take the
				// lock.
				HELD_BY_THIS_JVM.remove(this.key);
				this.channel.close();
			}
		}
	}

}
