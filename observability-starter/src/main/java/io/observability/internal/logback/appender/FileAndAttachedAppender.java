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

package io.observability.internal.logback.appender;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Iterator;
import java.util.Objects;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.recovery.ResilientFileOutputStream;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.spi.AppenderAttachable;
import ch.qos.logback.core.spi.AppenderAttachableImpl;
import ch.qos.logback.core.spi.FilterReply;
import ch.qos.logback.core.spi.LifeCycle;
import io.observability.internal.log.collector.LogFileLock;
import org.jspecify.annotations.Nullable;

/**
 * A rolling file appender that has other appenders attached, and may have no file then.
 *
 * <p>
 * It can write its file beside other processes, of which one may be the collector. Then
 * it appends under the file's lock and does not roll, because the collector or a process
 * of another kind may. When the file has been rolled, it goes on in the new one. What a
 * process that is killed has written stays.
 */
public abstract class FileAndAttachedAppender extends RollingFileAppender<ILoggingEvent>
		implements AppenderAttachable<ILoggingEvent> {

	/** Some file systems give a file another key each time. */
	private static final int MOST_ATTEMPTS = 10;

	private final AppenderAttachableImpl<ILoggingEvent> attached = new AppenderAttachableImpl<>();

	private volatile boolean besideOthers;

	/** Which file of the name is open. */
	private volatile @Nullable Object openedFile;

	/** Starts as an appender that is a member of no fleet. */
	final void startAlone() {
		startAttached();
		if (!writesFile()) {
			this.started = hasAttached();
			return;
		}
		if (getRollingPolicy() != null && getTriggeringPolicy() != null) {
			startIfStopped(getRollingPolicy());
			startIfStopped(getTriggeringPolicy());
		}
		super.start();
	}

	/** Starts to write the file beside other processes. */
	final void startBesideOthers() {
		this.besideOthers = writesFile();
		startAlone();
	}

	/** Ends writing the file beside other processes. */
	final void stopBesideOthers() {
		super.stop();
		this.besideOthers = false;
	}

	final boolean isBesideOthers() {
		return this.besideOthers;
	}

	@Override
	public void rollover() {
		if (!this.besideOthers) {
			super.rollover();
		}
	}

	@Override
	public void openFile(String file) throws IOException {
		Object before = key(file);
		super.openFile(file);
		Object after = key(file);
		// If another process replaces it meanwhile, it is unknown which of them is open.
		this.openedFile = Objects.equals(before, after) ? after : new Object();
	}

	@Override
	protected void writeOut(ILoggingEvent event) throws IOException {
		if (this.besideOthers) {
			writeOutBesideOthers(event);
		}
		else {
			super.writeOut(event);
		}
	}

	private void writeOutBesideOthers(ILoggingEvent event) {
		byte @Nullable [] bytes = getEncoder().encode(event);
		if (bytes != null && bytes.length > 0) {
			// It would close the channel.
			boolean interrupted = Thread.interrupted();
			this.streamWriteLock.lock();
			try {
				writeBesideOthers(bytes);
			}
			catch (IOException ex) {
				// A checked exception would stop the appender.
				throw new UncheckedIOException(ex);
			}
			finally {
				this.streamWriteLock.unlock();
				if (interrupted) {
					Thread.currentThread().interrupt();
				}
			}
		}
	}

	/** Looks under the file's lock whether it has been rolled. */
	private void writeBesideOthers(byte[] bytes) throws IOException {
		for (int attempt = 1;; attempt++) {
			if (isReplaced()) {
				openFile(getFile());
			}
			LogFileLock lock = LogFileLock.acquire(((ResilientFileOutputStream) getOutputStream()).getChannel());
			try {
				if (!isReplaced() || attempt == MOST_ATTEMPTS) {
					writeByteArrayToOutputStreamWithPossibleFlush(bytes);
					getOutputStream().flush();
					return;
				}
			}
			finally {
				lock.release();
			}
		}
	}

	private boolean isReplaced() throws IOException {
		return !Objects.equals(this.openedFile, key(getFile()));
	}

	/** Returns what tells files of one name apart, or null if there is none. */
	private static @Nullable Object key(String file) throws IOException {
		try {
			return Files.readAttributes(Path.of(file), BasicFileAttributes.class).fileKey();
		}
		catch (NoSuchFileException ex) {
			return null;
		}
	}

	final void startAttached() {
		this.attached.iteratorForAppenders().forEachRemaining(FileAndAttachedAppender::startIfStopped);
	}

	private static void startIfStopped(LifeCycle part) {
		if (!part.isStarted()) {
			part.start();
		}
	}

	final boolean writesFile() {
		return getEncoder() != null || !hasAttached();
	}

	final boolean hasAttached() {
		return this.attached.iteratorForAppenders().hasNext();
	}

	/** Appends as an appender that is a member of no fleet. */
	final void appendAlone(ILoggingEvent event) {
		if (writesFile()) {
			super.doAppend(event);
		}
		if (isStarted() && getFilterChainDecision(event) != FilterReply.DENY) {
			this.attached.appendLoopOnAppenders(event);
		}
	}

	final void stopAttached() {
		this.attached.iteratorForAppenders().forEachRemaining(LifeCycle::stop);
	}

	@Override
	public void addAppender(Appender<ILoggingEvent> appender) {
		this.attached.addAppender(appender);
	}

	@Override
	public Iterator<Appender<ILoggingEvent>> iteratorForAppenders() {
		return this.attached.iteratorForAppenders();
	}

	@Override
	public @Nullable Appender<ILoggingEvent> getAppender(String name) {
		return this.attached.getAppender(name);
	}

	@Override
	public boolean isAttached(Appender<ILoggingEvent> appender) {
		return this.attached.isAttached(appender);
	}

	@Override
	public void detachAndStopAllAppenders() {
		this.attached.detachAndStopAllAppenders();
	}

	@Override
	public boolean detachAppender(Appender<ILoggingEvent> appender) {
		return this.attached.detachAppender(appender);
	}

	@Override
	public boolean detachAppender(String name) {
		return this.attached.detachAppender(name);
	}

}
