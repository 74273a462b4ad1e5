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

package io.observability.benchmarks;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.CoreConstants;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.pattern.DynamicConverter;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.RollingPolicyBase;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.rolling.TimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import io.observability.logback.QueueAppender;
import org.slf4j.Logger;
import org.springframework.boot.logging.logback.EnclosedInSquareBracketsConverter;
import org.springframework.boot.logging.logback.ExtendedWhitespaceThrowableProxyConverter;

/**
 * A logger with an appender that is measured, or that ours is measured against, and the
 * pattern that Boot gives a log file.
 */
final class MeasuredLog implements Closeable {

	private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %5p " + ProcessHandle.current().pid()
			+ " --- %esb(){APPLICATION_NAME}%esb{APPLICATION_GROUP}[%t] %-40.40logger{39} : %m%n%wEx";

	private static final boolean COMPRESSED = !Boolean.getBoolean("uncompressed");

	private static final int ASYNC_QUEUE_SIZE = 8192;

	private static final int COPY_SIZE = 4 << 20;

	private final LoggerContext context;

	private MeasuredLog(LoggerContext context) {
		this.context = context;
	}

	/**
	 * Opens a log.
	 * @param kind {@code queue}, ours; {@code prudent}, {@code async} (a file for each
	 * process) and {@code rolling} (Boot's own, shared), Logback's; {@code copy}, which
	 * encodes and copies into memory; {@code none}
	 * @param directory for the files
	 * @param name of this process
	 * @return the log
	 */
	static MeasuredLog open(String kind, Path directory, String name) {
		LoggerContext context = new LoggerContext();
		context.setMDCAdapter(new LogbackMDCAdapter());
		// As Boot does.
		System.setProperty("APPLICATION_NAME", "shop");
		Map<String, Supplier<DynamicConverter<?>>> words = new HashMap<>();
		words.put("wEx", ExtendedWhitespaceThrowableProxyConverter::new);
		words.put("esb", EnclosedInSquareBracketsConverter::new);
		context.putObject(CoreConstants.PATTERN_RULE_REGISTRY_FOR_SUPPLIERS, words);
		Appender<ILoggingEvent> appender = switch (kind) {
			case "queue" -> queue(context, directory);
			case "prudent" -> prudent(context, directory);
			case "async" -> async(context, rolling(context, directory, name));
			case "rolling" -> rolling(context, directory, "app");
			case "copy" -> copy(context);
			default -> nothing(context);
		};
		context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
		return new MeasuredLog(context);
	}

	private static PatternLayoutEncoder encoder(LoggerContext context) {
		PatternLayoutEncoder encoder = new PatternLayoutEncoder();
		encoder.setContext(context);
		encoder.setPattern(PATTERN);
		encoder.start();
		return encoder;
	}

	private static Appender<ILoggingEvent> queue(LoggerContext context, Path directory) {
		QueueAppender appender = new QueueAppender();
		prepare(appender, context, directory.resolve("app.log"));
		appender.setRollingPolicy(bySize(context, appender, directory.resolve("app.log")));
		appender.setStoreDirectory(directory.resolve("store").toString());
		appender.start();
		return appender;
	}

	private static Appender<ILoggingEvent> rolling(LoggerContext context, Path directory, String name) {
		RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
		Path file = directory.resolve(name + ".log");
		prepare(appender, context, file);
		RollingPolicyBase policy = bySize(context, appender, file);
		policy.start();
		appender.setRollingPolicy(policy);
		appender.start();
		return appender;
	}

	/** It neither compresses nor rolls by size. */
	private static Appender<ILoggingEvent> prudent(LoggerContext context, Path directory) {
		RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
		appender.setContext(context);
		appender.setEncoder(encoder(context));
		appender.setPrudent(true);
		TimeBasedRollingPolicy<ILoggingEvent> policy = new TimeBasedRollingPolicy<>();
		policy.setContext(context);
		policy.setParent(appender);
		policy.setFileNamePattern(directory.resolve("app.%d{yyyy-MM-dd}.log").toString());
		policy.start();
		appender.setRollingPolicy(policy);
		appender.start();
		return appender;
	}

	private static void prepare(RollingFileAppender<ILoggingEvent> appender, LoggerContext context, Path file) {
		appender.setContext(context);
		appender.setName("FILE");
		appender.setFile(file.toString());
		appender.setEncoder(encoder(context));
	}

	/** Boot's policy. */
	private static RollingPolicyBase bySize(LoggerContext context, RollingFileAppender<ILoggingEvent> parent,
			Path file) {
		SizeAndTimeBasedRollingPolicy<ILoggingEvent> policy = new SizeAndTimeBasedRollingPolicy<>();
		policy.setContext(context);
		policy.setParent(parent);
		policy.setFileNamePattern(file + ".%d{yyyy-MM-dd}.%i" + (COMPRESSED ? ".gz" : ""));
		policy.setMaxFileSize(FileSize.valueOf("10MB"));
		return policy;
	}

	private static Appender<ILoggingEvent> async(LoggerContext context, Appender<ILoggingEvent> file) {
		AsyncAppender appender = new AsyncAppender();
		appender.setContext(context);
		appender.setQueueSize(ASYNC_QUEUE_SIZE);
		appender.setDiscardingThreshold(0);
		appender.setMaxFlushTime(0);
		appender.addAppender(file);
		appender.start();
		return appender;
	}

	private static Appender<ILoggingEvent> copy(LoggerContext context) {
		PatternLayoutEncoder encoder = encoder(context);
		ByteBuffer memory = ByteBuffer.allocateDirect(COPY_SIZE);
		return started(context, new UnsynchronizedAppenderBase<>() {

			@Override
			protected void append(ILoggingEvent event) {
				byte[] bytes = encoder.encode(event);
				if (memory.remaining() < bytes.length) {
					memory.clear();
				}
				memory.put(bytes);
			}

		});
	}

	private static Appender<ILoggingEvent> nothing(LoggerContext context) {
		return started(context, new UnsynchronizedAppenderBase<>() {

			@Override
			protected void append(ILoggingEvent event) {
				// Only what it costs to get here.
			}

		});
	}

	private static Appender<ILoggingEvent> started(LoggerContext context, Appender<ILoggingEvent> appender) {
		appender.setContext(context);
		appender.start();
		return appender;
	}

	Logger logger() {
		return this.context.getLogger("io.observability.sample.orders.OrderController");
	}

	/** Returns when everything is in the file. */
	@Override
	public void close() {
		this.context.stop();
	}

}
