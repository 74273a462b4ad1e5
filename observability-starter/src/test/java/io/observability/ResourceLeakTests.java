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
package io.observability;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import com.sun.management.UnixOperatingSystemMXBean;
import io.observability.internal.instance.Instance;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.metrics.archive.Archive;
import io.observability.internal.metrics.format.Families;
import io.observability.internal.metrics.read.FleetMetrics;
import io.observability.internal.metrics.write.MetricsWriter;
import io.observability.internal.segment.Problems;
import io.observability.logback.QueueAppender;
import io.observability.testing.Shown;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

/**
 * What an instance opens, from the store to the merged log. The profile {@code soak} does
 * it 1,000 times.
 */
class ResourceLeakTests {

	private static final int CYCLES = Integer.getInteger("soak.cycles", 30);

	private static final int WARM_UP = 5;

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	@TempDir
	private Path directory;

	private final List<String> warnings = new ArrayList<>();

	private final Problems problems = new Problems(this.warnings::add);

	private int opened;

	@Test
	@DisabledOnOs(OS.WINDOWS) // where nobody counts descriptors
	void openingAndClosingLeavesNoDescriptorAndNoMemoryOutsideTheHeap() throws Exception {
		openAndClose(WARM_UP);
		// First, because for that the JVM reads files, with a buffer that it keeps.
		long descriptorsBefore = descriptors();
		Map<String, Long> buffersBefore = buffers();
		openAndClose(CYCLES);
		// Before the JVM is asked to clean up: it would close what was forgotten.
		await().pollDelay(Duration.ZERO)
			.atMost(PATIENCE)
			.untilAsserted(() -> assertThat(descriptors()).isLessThanOrEqualTo(descriptorsBefore));
		await().pollDelay(Duration.ZERO)
			.atMost(PATIENCE)
			.untilAsserted(() -> assertThat(buffers()).allSatisfy(
					(pool, amount) -> assertThat(amount).as(pool).isLessThanOrEqualTo(buffersBefore.get(pool))));
		assertThat(this.warnings).isEmpty();
		assertThat(Files.readAllLines(this.directory.resolve("app.log"))).hasSize(WARM_UP + CYCLES);
	}

	private void openAndClose(int times) throws IOException {
		for (int i = 0; i < times; i++) {
			openAndClose();
		}
	}

	private void openAndClose() throws IOException {
		Path directory = this.directory.resolve("store");
		StoreDirectory store = StoreDirectory.open(directory);
		LoggerContext log = openLog(directory);
		log.getLogger("test").info("opened");
		try (Instance instance = Instance.join(store, null);
				MetricsWriter writer = MetricsWriter.open(instance, 100, this.problems);
				FleetMetrics fleet = new FleetMetrics(store, List.of(writer.ownSegments()), this.problems)) {
			writer.totals(Families.COUNTER, List.of("tea")).add(1);
			new Archive(store, this.problems, Duration.ofDays(7)).fold();
			this.opened++;
			assertThat(Shown.by(fleet)).containsExactly(entry("orders{shop=tea}", Double.toString(this.opened)));
		}
		log.stop();
	}

	private LoggerContext openLog(Path store) {
		LoggerContext context = new LoggerContext();
		PatternLayoutEncoder encoder = new PatternLayoutEncoder();
		encoder.setContext(context);
		encoder.setPattern("%msg%n");
		encoder.start();
		QueueAppender appender = new QueueAppender();
		appender.setContext(context);
		appender.setName("FILE");
		appender.setFile(this.directory.resolve("app.log").toString());
		appender.setEncoder(encoder);
		SizeAndTimeBasedRollingPolicy<Object> policy = new SizeAndTimeBasedRollingPolicy<>();
		policy.setContext(context);
		policy.setParent(appender);
		policy.setFileNamePattern(this.directory.resolve("app.log.%d.%i").toString());
		policy.setMaxFileSize(FileSize.valueOf("10MB"));
		appender.setRollingPolicy(policy);
		appender.setStoreDirectory(store.toString());
		appender.setMaxBacklog(FileSize.valueOf("1MB"));
		appender.setOrderingWindow(ch.qos.logback.core.util.Duration.buildByMilliseconds(0));
		ListAppender<ILoggingEvent> attached = new ListAppender<>();
		attached.setContext(context);
		attached.setName("ATTACHED");
		appender.addAppender(attached);
		appender.start();
		assertThat(appender.isStarted()).isTrue();
		context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(appender);
		return context;
	}

	private static long descriptors() {
		return ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class).getOpenFileDescriptorCount();
	}

	/** Direct and mapped buffers, once the JVM has freed those that are out of reach. */
	private static Map<String, Long> buffers() throws InterruptedException {
		// The second time it has done with what the first collection found.
		for (int i = 0; i < 2; i++) {
			ReferenceQueue<Object> queue = new ReferenceQueue<>();
			Reference<Object> reference = new PhantomReference<>(new Object(), queue);
			System.gc();
			assertThat(queue.remove(PATIENCE.toMillis()) == reference).isTrue();
		}
		Map<String, Long> buffers = new TreeMap<>();
		for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
			buffers.put(pool.getName() + ", number", pool.getCount());
			buffers.put(pool.getName() + ", bytes", pool.getMemoryUsed());
		}
		return buffers;
	}

}
