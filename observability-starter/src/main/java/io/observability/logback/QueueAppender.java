package io.observability.logback;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import io.observability.instance.Instance;
import io.observability.instance.StoreDirectory;
import io.observability.logqueue.Collector;
import io.observability.logqueue.CollectorListener;
import io.observability.logqueue.FullPolicy;
import io.observability.logqueue.LogQueue;
import org.jspecify.annotations.Nullable;

/**
 * Takes the place of a {@link RollingFileAppender} when several processes write one log
 * file. It is configured in the same way (file, encoder, filters, rolling policy), and
 * needs to know the fleet's store directory. Events are encoded in the calling thread and
 * put into this process's queue in the store; one of the processes, elected, writes what
 * is in all queues into the file and rolls it.
 */
public class QueueAppender extends RollingFileAppender<ILoggingEvent> {

	private static final long DEFAULT_MAX_BACKLOG = 256L << 20;

	private static final Duration DEFAULT_ORDERING_WINDOW = Duration.ofMillis(200);

	private @Nullable String storeDirectory;

	private @Nullable String instanceId;

	private long maxBacklog = DEFAULT_MAX_BACKLOG;

	private FullPolicy whenFull = FullPolicy.BLOCK;

	private Duration orderingWindow = DEFAULT_ORDERING_WINDOW;

}
