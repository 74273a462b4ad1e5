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

package io.observability.internal.log.queue;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.observability.internal.instance.Slot;
import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.memory.Region;
import io.observability.internal.segment.SegmentKind;
import io.observability.internal.segment.SegmentSequence;
import io.observability.internal.segment.SequenceId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class SegmentTests {

	private static final ReadBuffer BUFFER = new ReadBuffer(QueueReader.BUFFER_SIZE);

	private static final int SIZE = 64 << 10;

	@TempDir
	private Path directory;

	private SegmentSequence sequence;

	private Region region;

	private Segment segment;

	@BeforeEach
	void createSegment() throws IOException {
		this.sequence = new SegmentSequence(new Slot(0, this.directory), SegmentKind.LOG,
				new SequenceId("0123456789abcdef", 0));
		this.region = Region.create(this.sequence.segmentFile(0), SIZE);
		this.segment = Segment.format(this.region, this.sequence, 0);
	}

	@Test
	void recordsAreReadInTheOrderInWhichTheyWereAppended() throws IOException {
		append("one");
		append("");
		append("three, which is longer");
		assertThat(read()).containsExactly("one", "", "three, which is longer");
	}

	@Test
	void appendFailsWhenTheRecordDoesNotFit() throws IOException {
		byte[] largest = new byte[SIZE - Segment.sizeFor(0)];
		assertThat(this.segment.append(new Claim(Thread.currentThread()), Level.INFO, 1, new byte[largest.length + 1],
				largest.length + 1))
			.isFalse();
		assertThat(this.segment.append(new Claim(Thread.currentThread()), Level.INFO, 1, largest, largest.length))
			.isTrue();
		assertThat(this.segment.append(new Claim(Thread.currentThread()), Level.INFO, 1, new byte[0], 0)).isFalse();
		this.segment.end(LogRecordLayout.CLOSED);
		assertThat(read()).hasSize(1);
	}

	@Test
	void nothingIsAppendedBehindTheEnd() throws IOException {
		append("last");
		this.segment.end(LogRecordLayout.CLOSED);
		assertThat(this.segment.append(new Claim(Thread.currentThread()), Level.INFO, 1, new byte[1], 1)).isFalse();
		assertThat(read()).containsExactly("last");
	}

	@Test
	void anyNumberOfThreadsAppendWithoutGapsAndInTheOrderOfEach() throws Exception {
		int threads = 8;
		int count = 150;
		List<Thread> writers = new ArrayList<>();
		for (int i = 0; i < threads; i++) {
			String name = "t" + i;
			writers.add(new Thread(() -> {
				for (int n = 0; n < count; n++) {
					append(name + " " + n + "x".repeat(n % 13));
				}
			}));
		}
		writers.forEach(Thread::start);
		for (Thread writer : writers) {
			writer.join();
		}
		Map<String, Integer> next = new HashMap<>();
		List<String> texts = read();
		assertThat(texts).hasSize(threads * count);
		for (String text : texts) {
			String name = text.substring(0, 2);
			int number = next.merge(name, 1, Integer::sum) - 1;
			assertThat(text).isEqualTo(name + " " + number + "x".repeat(number % 13));
		}
	}

	@Test
	void threadThatSleptWhileTheMemoryWasReusedCannotHarmTheNewSegment() throws IOException {
		Segment old = this.segment;
		append("old");
		Segment reused = Segment.format(this.region, this.sequence, 7);
		assertThat(append(reused, "new")).isTrue();
		assertThat(old.append(new Claim(Thread.currentThread()), Level.INFO, 1, new byte[8], 8)).isFalse();
		old.end(LogRecordLayout.CONTINUED);
		assertThat(append(reused, "newer")).isTrue();
		assertThat(read()).containsExactly("new", "newer");
	}

	@Test
	void segmentIsSettledWhenAllClaimsArePublished() {
		append("one");
		assertThat(this.segment.isSettled()).isTrue();
		int offset = LogSegmentLayout.HEADER_SIZE + LogRecordLayout.stride(LogRecordLayout.length(3));
		this.region.putInt(offset, -24);
		assertThat(this.segment.isSettled()).isFalse();
		this.region.putInt(offset, 24);
		assertThat(this.segment.isSettled()).isTrue();
	}

	private void append(String text) {
		assertThat(append(this.segment, text)).isTrue();
	}

	private List<String> read() throws IOException {
		List<String> texts = new ArrayList<>();
		try (QueueReader reader = new QueueReader(this.sequence, Position.startOf(0), BUFFER,
				UnreadableFiles.IGNORED)) {
			while (reader.hasRecord()) {
				ByteBuffer text = ByteBuffer.allocate(reader.textLength());
				reader.take(text);
				texts.add(new String(text.array(), StandardCharsets.UTF_8));
			}
		}
		return texts;
	}

	private static boolean append(Segment segment, String text) {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		return segment.append(new Claim(Thread.currentThread()), Level.INFO, 1, bytes, bytes.length);
	}

}
