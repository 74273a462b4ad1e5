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
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.LengthCounter;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.RollingPolicy;
import ch.qos.logback.core.rolling.RollingPolicyBase;
import ch.qos.logback.core.rolling.RolloverFailure;
import ch.qos.logback.core.rolling.TriggeringPolicy;
import io.observability.internal.log.collector.LogTarget;
import org.jspecify.annotations.Nullable;

/**
 * The merged log file under Logback's own rolling and triggering policies.
 *
 * <p>
 * The policies are started anew whenever this process becomes the collector, because what
 * they know of files, sizes and periods is from when they were started. Triggers are
 * asked before each batch, so a file may become larger than its limit by one batch. They
 * see no event: one that decides by the event can't work on a merged log.
 */
public final class RolledFile implements LogTarget {

	private static final byte[] NO_HEADER = {};

	/** Times the size of the active file: with less free space it isn't rolled. */
	private static final int ROOM_FOR_COMPRESSION = 3;

	/** With less free space than this, one piece is compressed after the other. */
	private static final int AMPLE_ROOM_FOR_COMPRESSION = 20;

	private static final long MAX_COMPRESSION_NANOS = TimeUnit.SECONDS.toNanos(30);

	private final RollingFileAppender<ILoggingEvent> appender;

	private final Encoder<ILoggingEvent> encoder;

	private final RollingPolicy rolling;

	private final TriggeringPolicy<ILoggingEvent> triggering;

	/** Null while not started, or if the policy is not known to compress. */
	private @Nullable PieceCompression compression;

	public RolledFile(RollingFileAppender<ILoggingEvent> appender, Encoder<ILoggingEvent> encoder,
			RollingPolicy rolling, TriggeringPolicy<ILoggingEvent> triggering) {
		this.appender = appender;
		this.encoder = encoder;
		this.rolling = rolling;
		this.triggering = triggering;
	}

	@Override
	public void start(boolean rollInterrupted) throws IOException {
		startPolicies();
		if (this.rolling instanceof RollingPolicyBase policy) {
			RolledPieces pieces = RolledPieces.of(policy);
			if (rollInterrupted) {
				new InterruptedRollover(pieces, policy).undo(activeFile());
			}
			if (pieces.areCompressed()) {
				this.compression = new PieceCompression(pieces, policy.getContext());
				this.compression.begin(activeFile());
			}
			// They look for the highest index in use when they are started.
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
		return Path.of(this.appender.getFile());
	}

	@Override
	public byte[] header() {
		byte[] header = this.encoder.headerBytes();
		return (header != null) ? header : NO_HEADER;
	}

	@Override
	@SuppressWarnings("NullAway") // there is no event to show
	public boolean isRollDue() {
		return hasRoomToRoll(ROOM_FOR_COMPRESSION) && this.triggering.isTriggeringEvent(activeFile().toFile(), null);
	}

	/**
	 * Logback's compressors delete what they were to compress even if the disk was full.
	 */
	private boolean hasRoomToRoll(int factor) {
		File file = activeFile().toFile();
		return this.compression == null || file.getUsableSpace() >= factor * file.length();
	}

	@Override
	public void roll() {
		boolean ample = hasRoomToRoll(AMPLE_ROOM_FOR_COMPRESSION);
		try {
			this.rolling.rollover();
		}
		catch (RolloverFailure ex) {
			this.appender.addWarn("log file can't be rolled now: file=" + activeFile(), ex);
		}
		if (!ample) {
			awaitCompression();
		}
	}

	/** Waits for Logback's background work, which ends with deleting what it read. */
	private void awaitCompression() {
		long deadline = System.nanoTime() + MAX_COMPRESSION_NANOS;
		try {
			while (this.compression != null && this.compression.isGoingOn(activeFile())
					&& System.nanoTime() < deadline) {
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
			}
		}
		catch (IOException ex) {
			this.appender.addWarn("rolled log files can't be listed: file=" + activeFile(), ex);
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
