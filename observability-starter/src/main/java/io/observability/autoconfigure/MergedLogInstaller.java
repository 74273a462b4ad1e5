package io.observability.autoconfigure;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import io.observability.instance.Instance;
import io.observability.logback.QueueAppender;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import org.springframework.boot.logging.LogFile;
import org.springframework.core.env.Environment;

/**
 * Puts a {@link QueueAppender} in the place of the appender with which Boot writes the
 * file that {@code logging.file.name} names, and tells those that a Logback configuration
 * has made where the store is.
 */
class MergedLogInstaller {

	/** What Boot calls it, in its defaults and in its includable fragments. */
	private static final String FILE_APPENDER = "FILE";

	private final Environment environment;

	private final LoggingProperties properties;

	MergedLogInstaller(Environment environment, LoggingProperties properties) {
		this.environment = environment;
		this.properties = properties;
	}

	void install() {
		if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
			RollingFileAppender<ILoggingEvent> plain = plainFileAppender(context);
			List<QueueAppender> waiting = appendersWithoutStore(context);
			if (plain != null || !waiting.isEmpty()) {
				join(context, plain, waiting);
			}
		}
	}

	private @Nullable RollingFileAppender<ILoggingEvent> plainFileAppender(LoggerContext context) {
		LogFile file = LogFile.get(this.environment);
		Appender<ILoggingEvent> appender = root(context).getAppender(FILE_APPENDER);
		if (file != null && appender != null && appender.getClass() == RollingFileAppender.class) {
			RollingFileAppender<ILoggingEvent> plain = (RollingFileAppender<ILoggingEvent>) appender;
			return file.toString().equals(plain.rawFileProperty()) ? plain : null;
		}
		return null;
	}

	private static Logger root(LoggerContext context) {
		return context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
	}

	private static List<QueueAppender> appendersWithoutStore(LoggerContext context) {
		List<QueueAppender> found = new ArrayList<>();
		for (Logger logger : context.getLoggerList()) {
			for (Iterator<Appender<ILoggingEvent>> appenders = logger.iteratorForAppenders(); appenders.hasNext();) {
				if (appenders.next() instanceof QueueAppender appender && !appender.hasStoreDirectory()) {
					found.add(appender);
				}
			}
		}
		return found;
	}

	private void join(LoggerContext context, @Nullable RollingFileAppender<ILoggingEvent> plain,
			List<QueueAppender> waiting) {
		StoreLocation location = StoreLocation.of(this.environment);
		try (Instance instance = location.join()) {
			if (plain != null) {
				QueueAppender replacement = QueueAppender.inPlaceOf(plain);
				root(context).detachAppender(plain);
				start(replacement, instance);
				root(context).addAppender(replacement);
			}
			for (QueueAppender appender : waiting) {
				appender.stop();
				start(appender, instance);
			}
		}
		catch (IOException ex) {
			context.getLogger(MergedLogInstaller.class)
				.warn("store directory can't be used, this instance writes its log file alone; set "
						+ StoreLocation.DIRECTORY_PROPERTY + " to a folder that all instances share: directory="
						+ location.directory() + ", cause=" + ex);
		}
	}

	private void start(QueueAppender appender, Instance instance) {
		appender.setStoreDirectory(instance.store().toString());
		appender.setInstanceId(instance.info().name());
		appender.setMaxBacklog(new FileSize(this.properties.maxBacklog().toBytes()));
		appender.setWhenFull(this.properties.whenFull());
		appender.setOrderingWindow(new Duration(this.properties.orderingWindow().toMillis()));
		appender.start();
	}

}
