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

package io.observability.internal.task;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;

import io.observability.internal.instance.ProcessLock;
import io.observability.internal.memory.StoreFiles;
import org.jspecify.annotations.Nullable;

/**
 * This process's candidacy for leading the fleet in some matter. For one thread.
 *
 * <p>
 * Protocol. The leader holds the lock on a file. The kernel drops the lock of a process
 * that dies, and the next candidate that tries it succeeds. Every second in which the
 * leader gets on it writes to the file, which changes the file's time. A leader that
 * fails for some seconds resigns and stands back, so that another candidate is tried. A
 * leader that was stopped, or that hangs, keeps the lock, but the file's time stands
 * still: a candidate that has looked many times and always seen the same time deletes the
 * file and makes a new one. The candidate counts its looks rather than the time that has
 * passed, so that a candidate that was stopped itself does not take a leader for stopped
 * before it has looked again.
 *
 * <p>
 * So at times there are two processes that believe they lead: the lock elects, but does
 * not protect. What a leader writes has to be fenced by other means, and a leader that
 * finds itself fenced resigns. One that finds that it has lost the lock, because other
 * code of its process has closed the file, is a candidate again.
 */
public final class Leadership implements Closeable {

	/** A leader that gets nowhere for this time is replaced. */
	private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

	/** For others to be elected: longer than a candidate waits between two looks. */
	private static final long STAND_BACK_NANOS = TimeUnit.SECONDS.toNanos(2);

	private static final long HEARTBEAT_NANOS = TimeUnit.SECONDS.toNanos(1);

	/** How long a candidate waits between two looks, if it waits for nothing else. */
	public static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

	/** A leader that gets on has made a heartbeat after so many looks. */
	private static final int LOOKS_OF_A_HEARTBEAT = 8;

	private final Path file;

	private final long patienceNanos;

	private @Nullable ProcessLock lock;

	private long lastHeartbeat;

	/** When this leader began to fail, or 0. */
	private long failingSince;

	private long standBackUntil = System.nanoTime();

	private @Nullable FileTime lastSeen;

	private int looksWithoutHeartbeat;

	/** How many pauses of {@link #LOOK_NANOS} precede the next look. */
	private int pausesBeforeLook = 1;

	/**
	 * Creates a candidate, which does nothing yet.
	 * @param file whose lock the leader holds; its folder must exist
	 */
	public Leadership(Path file) {
		this(file, PATIENCE_NANOS);
	}

	Leadership(Path file, long patienceNanos) {
		this.file = file;
		this.patienceNanos = patienceNanos;
	}

	/**
	 * Returns whether this process leads, after an attempt to be elected if it does not.
	 * @return whether this process leads
	 * @throws IOException if the file can't be opened, locked or replaced
	 */
	public boolean isLeader() throws IOException {
		ProcessLock held = this.lock;
		if (held != null && held.isReplaced()) {
			resign();
			held = null;
		}
		else if (held != null && held.isLost()) {
			// Another process may have led since. The caller is to see that it does not
			// lead before it is elected again.
			close();
			return false;
		}
		if (held == null && !isStandingBack()) {
			held = elect();
		}
		return held != null;
	}

	/**
	 * Returns whether this process leads, and no other process has begun to take over.
	 * Unlike {@link #isLeader()} it makes no attempt to be elected.
	 * @return whether the lock is held on the file that all processes see
	 */
	public boolean isUncontested() {
		ProcessLock held = this.lock;
		return held != null && held.isIntact();
	}

	private @Nullable ProcessLock elect() throws IOException {
		ProcessLock elected = ProcessLock.tryAcquire(this.file);
		if (elected == null && isLeaderStopped()) {
			StoreFiles.deleteIfExists(this.file);
			elected = ProcessLock.tryAcquire(this.file);
		}
		if (elected != null) {
			this.lock = elected;
			this.failingSince = 0;
			this.lastSeen = null;
			beat(elected);
		}
		return elected;
	}

	private boolean isLeaderStopped() throws IOException {
		FileTime seen;
		try {
			seen = StoreFiles.attributes(this.file).lastModifiedTime();
		}
		catch (NoSuchFileException ex) {
			return false;
		}
		if (!seen.equals(this.lastSeen)) {
			this.lastSeen = seen;
			this.looksWithoutHeartbeat = 0;
			return false;
		}
		this.looksWithoutHeartbeat += this.pausesBeforeLook;
		return this.looksWithoutHeartbeat * LOOK_NANOS >= this.patienceNanos;
	}

	/**
	 * Returns how long this candidate is to wait before it looks again: twice as long as
	 * {@link #LOOK_NANOS} while the leader gets on.
	 * @return the pause in nanoseconds
	 */
	public long untilNextLook() {
		this.pausesBeforeLook = (isStandingBack() || this.looksWithoutHeartbeat > LOOKS_OF_A_HEARTBEAT) ? 1 : 2;
		return this.pausesBeforeLook * LOOK_NANOS;
	}

	/** Notes that the leader gets on, so that it goes on leading. */
	public void onSuccess() {
		this.failingSince = 0;
		ProcessLock held = this.lock;
		if (held != null && System.nanoTime() - this.lastHeartbeat >= HEARTBEAT_NANOS) {
			beat(held);
		}
	}

	private void beat(ProcessLock held) {
		this.lastHeartbeat = System.nanoTime();
		try {
			held.touch();
		}
		catch (IOException ex) {
			// A full disk. Without a heartbeat another process takes over, which is
			// fenced like any take-over.
		}
	}

	/** Notes that the leader has failed, and resigns if that goes on for too long. */
	public void onFailure() {
		long now = System.nanoTime();
		if (this.failingSince == 0) {
			this.failingSince = now | 1;
		}
		if (this.lock != null && now - this.failingSince >= this.patienceNanos) {
			resign();
		}
	}

	/**
	 * Returns whether this process is no candidate, because it has resigned a moment ago.
	 * @return whether it stands back
	 */
	public boolean isStandingBack() {
		return System.nanoTime() - this.standBackUntil < 0;
	}

	/** Lets another process lead. This one stands back for a while. */
	public void resign() {
		this.standBackUntil = System.nanoTime() + STAND_BACK_NANOS;
		close();
	}

	/** Lets another process lead. */
	@Override
	public void close() {
		ProcessLock held = this.lock;
		this.lock = null;
		if (held != null) {
			try {
				held.close();
			}
			catch (IOException ex) {
				// The kernel drops the lock when it closes the file, even if it reports
				// an error.
			}
		}
	}

}
