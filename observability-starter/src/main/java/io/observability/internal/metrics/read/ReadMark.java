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

package io.observability.internal.metrics.read;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.observability.internal.instance.Instance;
import io.observability.internal.instance.Slots;
import io.observability.internal.memory.StoreFiles;
import org.jspecify.annotations.Nullable;

/**
 * When the fleet's metrics were last read, so that current values need not be sampled for
 * no reader.
 *
 * <p>
 * Protocol. The file {@code metrics.read} of the store is shared by all instances. Its
 * time is that of the last reading, or of the last start of an instance. Instances look
 * at it before each pass in the background: if nothing was read for some time, they leave
 * out what only living instances show. A reader that finds that the others may have
 * stopped writes into the file when it has asked them, and waits until each has made a
 * pass; so does any other reader that comes meanwhile. So what a reader shows is never
 * older than usual. While there is no such file, or if it can't be read, everything is
 * sampled. A crash leaves the file as it is. Safe for any thread.
 */
public final class ReadMark {

	private static final long UNREAD_MILLIS = TimeUnit.SECONDS.toMillis(90);

	/** A reader does not rely on passes that may be the last ones. */
	private static final long ASK_MILLIS = TimeUnit.SECONDS.toMillis(80);

	private static final long REFRESH_MILLIS = TimeUnit.SECONDS.toMillis(1);

	/** For the passes of the others. */
	private static final long PASS_MILLIS = 250;

	/** A reader could not wait for more. */
	private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(2);

	private final long waitMillis;

	private final boolean usable;

	private volatile @Nullable Instance instance;

	private volatile boolean started;

	/** What a reader of this process has seen last. Guarded by the monitor. */
	private @Nullable FileTime seen;

	private long asked;

	/**
	 * Creates the mark of a process that is no member of a fleet yet.
	 * @param interval time between two passes of an instance
	 */
	public ReadMark(Duration interval) {
		this.waitMillis = interval.toMillis() + PASS_MILLIS;
		this.usable = interval.compareTo(LONGEST_INTERVAL) <= 0;
	}

	/**
	 * Uses the mark of a fleet from now on.
	 * @param instance the membership of this process
	 */
	public void join(Instance instance) {
		if (this.usable && this.instance == null) {
			this.instance = instance;
		}
	}

	private synchronized void start(Instance instance) {
		refresh(instance);
	}

	private static Path file(Instance instance) {
		return instance.store().metricsRead();
	}

	/**
	 * Returns whether nothing was read for some time. To be called before each pass in
	 * the background: the first time the mark is renewed, because this instance has just
	 * started.
	 * @return whether current values need not be sampled
	 */
	public boolean isUnread() {
		Instance instance = this.instance;
		if (instance == null) {
			return false;
		}
		if (!this.started) {
			this.started = true;
			start(instance);
		}
		try {
			return isOlder(StoreFiles.attributes(file(instance)).lastModifiedTime(), UNREAD_MILLIS);
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** A time in the future is that of a clock that was set back. */
	private static boolean isOlder(FileTime time, long millis) {
		long age = System.currentTimeMillis() - time.toMillis();
		return age >= millis || age < -millis;
	}

	/** To be called before the metrics of other instances are read. */
	public void onRead() {
		long left = millisToWait();
		long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(left);
		while (left > 0 && System.nanoTime() < deadline && !Thread.currentThread().isInterrupted()) {
			LockSupport.parkNanos(this, deadline - System.nanoTime());
		}
	}

	/** Returns how long the other instances may need until they have made a pass. */
	synchronized long millisToWait() {
		Instance instance = this.instance;
		if (instance == null) {
			return 0;
		}
		try {
			FileTime time = StoreFiles.attributes(file(instance)).lastModifiedTime();
			if (isOlder(time, ASK_MILLIS)) {
				this.asked = hasOthers(instance) ? System.currentTimeMillis() : 0;
				write(instance);
			}
			else {
				if (!time.equals(this.seen)) {
					this.asked = read(instance);
				}
				if (isOlder(time, REFRESH_MILLIS)) {
					write(instance);
				}
				else {
					this.seen = time;
				}
			}
			long waited = System.currentTimeMillis() - this.asked;
			return (waited >= 0) ? this.waitMillis - waited : 0;
		}
		catch (IOException ex) {
			refresh(instance);
			return 0;
		}
	}

	private static boolean hasOthers(Instance instance) throws IOException {
		return new Slots(instance.store()).list()
			.stream()
			.anyMatch((slot) -> !slot.equals(instance.slot()) && slot.isHeld());
	}

	/** Creates the file if it is missing. */
	private void refresh(Instance instance) {
		try {
			try {
				this.asked = read(instance);
			}
			catch (NoSuchFileException ex) {
				StoreFiles.create(file(instance)).close();
			}
			write(instance);
		}
		catch (FileAlreadyExistsException ex) {
			// Another process has just created it.
		}
		catch (IOException ex) {
			// It can't be used: everything is sampled, or the disk is full.
		}
	}

	private static long read(Instance instance) throws IOException {
		try (FileChannel channel = StoreFiles.openForReading(file(instance))) {
			ByteBuffer asked = buffer();
			return (channel.read(asked, 0) == Long.BYTES) ? asked.getLong(0) : 0;
		}
	}

	private void write(Instance instance) throws IOException {
		try (FileChannel channel = StoreFiles.openForWriting(file(instance))) {
			if (channel.size() > Long.BYTES) {
				throw new IOException("not a mark: length=" + channel.size() + ", file=" + file(instance));
			}
			channel.write(buffer().putLong(0, this.asked), 0);
		}
		this.seen = StoreFiles.attributes(file(instance)).lastModifiedTime();
	}

	private static ByteBuffer buffer() {
		return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
	}

}
