package io.observability.logback;

import java.io.File;
import java.nio.file.Path;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.LengthCounter;
import ch.qos.logback.core.rolling.RollingPolicy;
import ch.qos.logback.core.rolling.RolloverFailure;
import ch.qos.logback.core.rolling.TriggeringPolicy;
import io.observability.logqueue.LogTarget;
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
final class RolledFile implements LogTarget {

	private static final byte[] NO_HEADER = {};

	private final QueueAppender appender;

	private final Encoder<ILoggingEvent> encoder;

	private final RollingPolicy rolling;

	private final TriggeringPolicy<ILoggingEvent> triggering;

	RolledFile(QueueAppender appender, Encoder<ILoggingEvent> encoder, RollingPolicy rolling,
			TriggeringPolicy<ILoggingEvent> triggering) {
		this.appender = appender;
		this.encoder = encoder;
		this.rolling = rolling;
		this.triggering = triggering;
	}

	@Override
	public void start() {
		stop();
		this.rolling.start();
		if (this.triggering != this.rolling) {
			this.triggering.start();
		}
		LengthCounter counter = this.triggering.getLengthCounter();
		if (counter != null) {
			counter.reset();
			counter.add(activeFile().toFile().length());
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
		return this.triggering.isTriggeringEvent(activeFile().toFile(), null);
	}

	@Override
	public void roll() {
		try {
			this.rolling.rollover();
		}
		catch (RolloverFailure ex) {
			this.appender.addWarn("log file can't be rolled now: file=" + activeFile(), ex);
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
		this.rolling.stop();
		if (this.triggering != this.rolling) {
			this.triggering.stop();
		}
	}

}
