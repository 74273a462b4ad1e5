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

package io.observability.internal.logback.sinks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.spi.AppenderAttachableImpl;
import ch.qos.logback.core.status.Status;
import io.observability.internal.log.collector.SkippedRecords;
import io.observability.internal.logback.event.EventOrigin;
import io.observability.internal.logback.event.EventWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

import static org.assertj.core.api.Assertions.assertThat;

/** Events that can't be read. */
class SinkDispatcherTests {

	private static final int TEXT_OFFSET = 40;

	private final LoggerContext context = new LoggerContext();

	private final ListAppender<ILoggingEvent> sink = new ListAppender<>();

	private SinkDispatcher dispatcher;

	@BeforeEach
	void start() {
		this.context.setMDCAdapter(MDC.getMDCAdapter());
		this.sink.setName("LIST");
		this.sink.start();
		RollingFileAppender<ILoggingEvent> owner = new RollingFileAppender<>();
		owner.setContext(this.context);
		owner.setName("QUEUE");
		AppenderAttachableImpl<ILoggingEvent> appenders = new AppenderAttachableImpl<>();
		appenders.addAppender(this.sink);
		this.dispatcher = new SinkDispatcher(owner, appenders);
		this.dispatcher.start();
	}

	@AfterEach
	void stop() {
		this.dispatcher.stop();
		this.context.stop();
	}

	@Test
	void eventThatCannotBeReadCostsNoOtherAndIsCountedAndReportedOnce() throws IOException {
		byte[] good = event("good");
		List<byte[]> bad = new ArrayList<>(List.of(new byte[0], new byte[3], new byte[100]));
		bad.add(withInt(good, 0, -5));
		bad.add(withInt(good, 0, good.length));
		bad.add(Arrays.copyOf(good, good.length / 2));
		bad.add(withInt(good, TEXT_OFFSET, Integer.MAX_VALUE));
		long skipped = SkippedRecords.bytes();
		long length = 0;
		for (int i = 0; i < 20; i++) {
			this.dispatcher.beginBatch();
			for (byte[] event : bad) {
				this.dispatcher.deliver(ByteBuffer.wrap(event));
				this.dispatcher.deliver(ByteBuffer.wrap(good));
				length += event.length;
			}
			this.dispatcher.endBatch();
		}
		assertThat(this.sink.list).hasSize(20 * bad.size()).allMatch((event) -> event.getMessage().equals("good"));
		assertThat(SkippedRecords.bytes() - skipped).isEqualTo(length);
		assertThat(warnings()).hasSizeBetween(1, 2).allMatch((text) -> text.contains("event skipped"));
	}

	@Test
	void bytesBehindAnEventAreIgnored() throws IOException {
		byte[] event = event("good");
		this.dispatcher.beginBatch();
		this.dispatcher.deliver(ByteBuffer.wrap(Arrays.copyOf(event, event.length + 3)));
		this.dispatcher.endBatch();
		assertThat(this.sink.list).hasSize(1);
	}

	private byte[] event(String message) throws IOException {
		LoggingEvent event = new LoggingEvent("test", this.context.getLogger("test"), Level.INFO, message, null, null);
		return EventWriter.write(event, new EventOrigin("0", 1), false);
	}

	private static byte[] withInt(byte[] event, int offset, int value) {
		byte[] changed = event.clone();
		ByteBuffer.wrap(changed).putInt(offset, value);
		return changed;
	}

	private List<String> warnings() {
		return this.context.getStatusManager()
			.getCopyOfStatusList()
			.stream()
			.filter((status) -> status.getLevel() == Status.WARN)
			.map(Status::getMessage)
			.toList();
	}

}
