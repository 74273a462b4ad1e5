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

package io.observability.internal.logback.rolling;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.LengthCounter;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.RollingPolicy;
import ch.qos.logback.core.rolling.RollingPolicyBase;
import ch.qos.logback.core.rolling.TriggeringPolicy;
import io.observability.internal.log.collector.LogTarget;
import io.observability.internal.task.ReportLimit;
import org.jspecify.annotations.Nullable;

/**
 * The merged log file under Logback's own rolling and triggering policies.
 *
 * <p>
 * The policies are restarted whenever this process becomes the collector, because they
 * read files, sizes and periods when they are started. Triggers are checked before each
 * batch, so a file may exceed its limit by one batch. They see no event: a trigger that
 * depends on the event can't work on a merged log.
 */
public final class RollingLogFile implements LogTarget {

	private static final byte[] NOTHING = {};

	/** Free space needed to roll, in multiples of the active file's size. */
	private static final int SPACE_TO_ROLL = 3;

	/** Free space needed to compress several rolled files at the same time, likewise. */
	private static final int SPACE_TO_COMPRESS_CONCURRENTLY = 20;

	private static final long MAX_COMPRESSION_NANOS = TimeUnit.SECONDS.toNanos(30);

	private final RollingFileAppender<ILoggingEvent> appender;

	private final RollingPolicy rolling;

	private final TriggeringPolicy<ILoggingEvent> triggering;

	private final ReportLimit reports = new ReportLimit();

	/** The policy has said that it is time to roll, which it says once. */
	private boolean rollDue;

	/** Null while stopped, and if the policy is not known to compress. */
	private @Nullable CompressionRecovery compression;

	public RollingLogFile(RollingFileAppender<ILoggingEvent> appender, RollingPolicy rolling,
			TriggeringPolicy<ILoggingEvent> triggering) {
		this.appender = appender;
		this.rolling = rolling;
		this.triggering = triggering;
	}

	@Override
	public void start(boolean rollInterrupted) throws IOException {
		this.rollDue = false;
		startPolicies();
		if (this.rolling instanceof RollingPolicyBase policy) {
			RolledFiles files = RolledFiles.of(policy);
			if (rollInterrupted) {
				new RolloverRecovery(files, policy).undo(activeFile());
			}
			if (files.areCompressed()) {
				this.compression = new CompressionRecovery(files, policy.getContext(), this.reports);
				this.compression.start(activeFile());
			}
			// At their start policies look for the highest index in use.
			stopPolicies();
			startPolicies();
		}
		LengthCounter counter = this.triggering.getLengthCounter();
		if (counter != null) {
			counter.reset();
			counter.add(activeFile().toFile().length());
		}
	}

	private void startPolicies() {
		this.rolling.start();
		if (this.triggering != this.rolling) {
			this.triggering.start();
		}
	}

	private void stopPolicies() {
		this.rolling.stop();
		if (this.triggering != this.rolling) {
			this.triggering.stop();
		}
	}

	@Override
	public Path activeFile() {
		return Path.of(this.appender.getFile()).toAbsolutePath().normalize();
	}

	@Override
	public List<Path> rolledFiles() throws IOException {
		return (this.rolling instanceof RollingPolicyBase policy) ? RolledFiles.of(policy).all(activeFile())
				: List.of();
	}

	@Override
	public byte[] header() {
		return orNothing(this.appender.getEncoder().headerBytes());
	}

	@Override
	public byte[] footer() {
		return orNothing(this.appender.getEncoder().footerBytes());
	}

	private static byte[] orNothing(byte @Nullable [] bytes) {
		return (bytes != null) ? bytes : NOTHING;
	}

	/** A policy that fails is reported, and the file grows. */
	@Override
	@SuppressWarnings("NullAway") // there is no event to pass
	public boolean isRollDue() {
		try {
			if (!hasSpace(SPACE_TO_ROLL)) {
				return false;
			}
			this.rollDue = this.rollDue || this.triggering.isTriggeringEvent(activeFile().toFile(), null);
			return this.rollDue && canOpenFiles();
		}
		catch (RuntimeException ex) {
			warn("triggering policy fails", ex);
			return false;
		}
	}

	/**
	 * Returns whether a file can be created, and others opened meanwhile: there may be no
	 * inodes or no descriptors.
	 */
	@SuppressWarnings("try") // they are only to be open
	private boolean canOpenFiles() {
		if (this.compression == null) {
			return true;
		}
		Path active = activeFile();
		Path probe = active.resolveSibling("." + active.getFileName() + ".probe");
		// Folders: to close the active file would drop the locks on it.
		Path directory = active.resolveSibling("");
		try (OutputStream created = Files.newOutputStream(probe);
				DirectoryStream<Path> first = Files.newDirectoryStream(directory);
				DirectoryStream<Path> second = Files.newDirectoryStream(directory)) {
			Files.delete(probe);
			return true;
		}
		catch (IOException ex) {
			warn("log file is not rolled, because no other file can be created or opened now", ex);
			return false;
		}
	}

	/**
	 * Logback's compressors delete their input even if the disk was full, or a file could
	 * not be opened.
	 */
	private boolean hasSpace(int factor) {
		File file = activeFile().toFile();
		return this.compression == null || file.getUsableSpace() >= factor * file.length();
	}

	@Override
	public void roll() {
		boolean concurrent = hasSpace(SPACE_TO_COMPRESS_CONCURRENTLY);
		this.rollDue = false;
		try {
			this.rolling.rollover();
		}
		catch (RuntimeException ex) {
			warn("log file can't be rolled now", ex);
		}
		if (!concurrent) {
			awaitCompression();
		}
	}

	/** Waits for compression in the background, which ends by deleting its input. */
	private void awaitCompression() {
		long deadline = System.nanoTime() + MAX_COMPRESSION_NANOS;
		try {
			while (this.compression != null && this.compression.isRunning(activeFile())
					&& System.nanoTime() < deadline) {
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
			}
		}
		catch (IOException ex) {
			warn("rolled log files can't be listed", ex);
		}
	}

	private void warn(String problem, Exception cause) {
		long count = this.reports.admit(problem);
		if (count > 0) {
			this.appender.addWarn(problem + ": count=" + count + ", file=" + activeFile(), cause);
		}
	}

	@Override
	public void written(int bytes) {
		LengthCounter counter = this.triggering.getLengthCounter();
		if (counter != null) {
			counter.add(bytes);
		}
	}

	@Override
	public void stop() {
		awaitCompression();
		stopPolicies();
		this.compression = null;
	}

}
