package io.observability.logback;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.spi.FilterReply;
import ch.qos.logback.core.util.FileSize;
import io.observability.instance.Instance;
import io.observability.instance.StoreDirectory;
import io.observability.logqueue.DropReport;
import io.observability.logqueue.FullPolicy;
import io.observability.logqueue.LogQueue;
import org.jspecify.annotations.Nullable;

/**
 * Takes the place of a {@link RollingFileAppender} where several processes write one log
 * file, and is configured like it: file, encoder, filters, rolling policy. Events are
 * encoded by the calling thread and put into this process's queue in the fleet's store.
 * One of the processes, elected, writes what is in all queues into the file and rolls it.
 *
 * <p>
 * Without a store directory it is an ordinary {@code RollingFileAppender}.
 */
public class QueueAppender extends RollingFileAppender<ILoggingEvent> {

	private static final String CLASS_NAME = QueueAppender.class.getName();

	private @Nullable Path storeDirectory;

	private @Nullable String instanceId;

	private long maxBacklog = 256L << 20;

	private FullPolicy whenFull = FullPolicy.BLOCK;

	private Duration orderingWindow = Duration.ofMillis(200);

	private volatile @Nullable MergedLog log;

	/**
	 * Sets the folder that all instances of the application share.
	 * @param directory the folder
	 */
	public void setStoreDirectory(String directory) {
		this.storeDirectory = Path.of(directory);
	}

	/**
	 * Tells whether there is a folder to share.
	 * @return whether {@link #setStoreDirectory} has been called
	 */
	public boolean hasStoreDirectory() {
		return this.storeDirectory != null;
	}

	/**
	 * Sets the name under which this process joins the fleet, if it is the first part of
	 * the process to do so.
	 * @param instanceId the name, or null for the number of its slot
	 */
	public void setInstanceId(@Nullable String instanceId) {
		this.instanceId = instanceId;
	}

	/**
	 * Sets how large the queue may become on disk before {@link #setWhenFull} applies. By
	 * default 256 MB.
	 * @param maxBacklog the size, at least 1 MB
	 */
	public void setMaxBacklog(FileSize maxBacklog) {
		this.maxBacklog = maxBacklog.getSize();
	}

	/**
	 * Sets what to do when the queue is full. By default {@link FullPolicy#BLOCK}.
	 * @param whenFull block or drop
	 */
	public void setWhenFull(FullPolicy whenFull) {
		this.whenFull = whenFull;
	}

	/**
	 * Sets how long events are held back, so that events of other processes can be put in
	 * front of them. By default 200 milliseconds.
	 * @param orderingWindow the time; zero to write events in the order of their arrival
	 */
	public void setOrderingWindow(ch.qos.logback.core.util.Duration orderingWindow) {
		this.orderingWindow = Duration.ofMillis(orderingWindow.getMilliseconds());
	}

	/**
	 * Returns an appender with the name, file, encoder, filters and policies of another
	 * one, which is stopped.
	 * @param appender the appender to replace, with a file and an encoder
	 * @return the new appender, not started
	 */
	public static QueueAppender inPlaceOf(RollingFileAppender<ILoggingEvent> appender) {
		appender.stop();
		QueueAppender replacement = new QueueAppender();
		replacement.setContext(appender.getContext());
		replacement.setName(appender.getName());
		replacement.setFile(appender.rawFileProperty());
		replacement.setEncoder(appender.getEncoder());
		appender.getCopyOfAttachedFiltersList().forEach(replacement::addFilter);
		replacement.setRollingPolicy(appender.getRollingPolicy());
		if (appender.getTriggeringPolicy() != appender.getRollingPolicy()) {
			replacement.setTriggeringPolicy(appender.getTriggeringPolicy());
		}
		appender.getRollingPolicy().setParent(replacement);
		return replacement;
	}

	@Override
	public void start() {
		Path directory = this.storeDirectory;
		if (directory == null) {
			super.start();
		}
		else if (!isStarted()) {
			try {
				this.log = join(directory);
				this.started = true;
			}
			catch (IOException | IllegalArgumentException ex) {
				addError("appender can't join the fleet and writes the file alone: name=" + getName()
						+ ", storeDirectory=" + directory, ex);
				super.start();
			}
		}
	}

	private MergedLog join(Path directory) throws IOException {
		if (this.maxBacklog < LogQueue.MIN_BACKLOG) {
			throw new IllegalArgumentException(
					"backlog too small: maxBacklog=" + this.maxBacklog + ", minimum=" + LogQueue.MIN_BACKLOG);
		}
		if (getEncoder() == null || getRollingPolicy() == null || getTriggeringPolicy() == null) {
			throw new IllegalArgumentException("an encoder and a rolling policy with a trigger are needed");
		}
		RolledFile file = new RolledFile(this, getEncoder(), getRollingPolicy(), getTriggeringPolicy());
		file.stop();
		Instance instance = Instance.join(StoreDirectory.open(directory), this.instanceId);
		try {
			LogQueue queue = LogQueue.open(instance, this.maxBacklog, this.whenFull);
			return MergedLog.start(instance, queue, file, this.orderingWindow, new CollectingStatus(this));
		}
		catch (IOException ex) {
			instance.close();
			throw ex;
		}
	}

	@Override
	public void doAppend(ILoggingEvent event) {
		MergedLog log = this.log;
		if (log == null) {
			super.doAppend(event);
			return;
		}
		try {
			if (getFilterChainDecision(event) != FilterReply.DENY) {
				append(log.queue(), event);
			}
		}
		catch (Exception | InternalError ex) {
			addError("appender failed to append: name=" + getName(), ex);
		}
	}

	private void append(LogQueue queue, ILoggingEvent event) {
		byte[] text = getEncoder().encode(event);
		if (text == null || text.length == 0) {
			return;
		}
		queue.append(level(event.getLevel()), time(event), text);
		DropReport report = queue.takeDropReport();
		if (report != null) {
			append(queue, toEvent(report));
		}
	}

	private static System.Logger.Level level(Level level) {
		return switch (level.toInt()) {
			case Level.TRACE_INT -> System.Logger.Level.TRACE;
			case Level.DEBUG_INT -> System.Logger.Level.DEBUG;
			case Level.WARN_INT -> System.Logger.Level.WARNING;
			case Level.ERROR_INT -> System.Logger.Level.ERROR;
			default -> System.Logger.Level.INFO;
		};
	}

	private static long time(ILoggingEvent event) {
		Instant instant = event.getInstant();
		return (instant != null) ? TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano()
				: TimeUnit.MILLISECONDS.toNanos(event.getTimeStamp());
	}

	private ILoggingEvent toEvent(DropReport report) {
		LoggerContext context = (LoggerContext) getContext();
		return new LoggingEvent(CLASS_NAME, context.getLogger(CLASS_NAME), Level.WARN,
				"log events dropped: count={}, first={}, last={}, maxBacklog={}", null,
				new Object[] { report.count(), report.first(), report.last(), this.maxBacklog });
	}

	@Override
	public void stop() {
		MergedLog log = this.log;
		if (log == null) {
			super.stop();
			return;
		}
		this.started = false;
		this.log = null;
		try {
			log.close();
		}
		catch (IOException ex) {
			addWarn("appender could not leave the fleet cleanly: name=" + getName(), ex);
		}
	}

}
