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
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.observability.internal.instance.Slot;
import io.observability.internal.log.collector.CheckpointLayout;
import io.observability.internal.memory.Region;
import io.observability.internal.segment.RecordFrame;
import io.observability.internal.segment.SegmentHeaderLayout;
import io.observability.internal.segment.SegmentKind;
import io.observability.internal.segment.SegmentSequence;
import io.observability.internal.segment.SequenceId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The document, the constants and a committed file say the same.
 */
class LogQueueFormatTests {

	private static final Path DOCUMENT = Path.of("../docs/log-queue-format.md");

	private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| \\S+ \\| (\\w+(?:Layout|Frame))\\.(\\w+) \\|.*");

	private static final List<Class<?>> LAYOUTS = List.of(SegmentHeaderLayout.class, LogSegmentLayout.class,
			RecordFrame.class, LogRecordLayout.class, CheckpointLayout.class);

	@TempDir
	private Path directory;

	@Test
	void documentHasEveryOffset() throws Exception {
		List<String> documented = new ArrayList<>();
		for (String line : Files.readAllLines(DOCUMENT)) {
			Matcher row = ROW.matcher(line);
			if (row.matches()) {
				documented.add(row.group(2) + "." + row.group(3));
				assertThat(constant(row.group(2), row.group(3))).as(line).isEqualTo(Integer.parseInt(row.group(1)));
			}
		}
		assertThat(documented).doesNotHaveDuplicates().containsAll(offsets());
	}

	private static int constant(String layout, String name) throws ReflectiveOperationException {
		Field field = LAYOUTS.stream()
			.filter((type) -> type.getSimpleName().equals(layout))
			.findFirst()
			.orElseThrow()
			.getDeclaredField(name);
		field.setAccessible(true);
		return field.getInt(null);
	}

	private static List<String> offsets() {
		return LAYOUTS.stream()
			.flatMap((layout) -> Stream.of(layout.getDeclaredFields())
				.filter((field) -> field.getName().endsWith("_OFFSET"))
				.map((field) -> layout.getSimpleName() + "." + field.getName()))
			.toList();
	}

	@Test
	void writesTheCommittedSegment() throws IOException {
		SegmentSequence sequence = new SegmentSequence(new Slot(3, this.directory), SegmentKind.LOG,
				new SequenceId("00112233aabbccdd", 5));
		Segment segment = Segment.format(Region.create(sequence.segmentFile(7), 256), sequence, 7);
		segment.append(new Claim(Thread.currentThread()), Level.INFO, 1_700_000_000_123_456_789L,
				"hello\n".getBytes(StandardCharsets.UTF_8), 6);
		segment.append(new Claim(Thread.currentThread()), Level.ERROR, 1_700_000_000_987_654_321L,
				"wörld\n".getBytes(StandardCharsets.UTF_8), 7);
		segment.writeDropped(new long[] { 1, 2, 3, 4, 5 });
		segment.end(LogRecordLayout.CLOSED);
		byte[] written = Files.readAllBytes(sequence.segmentFile(7));
		assertThat(written).isEqualTo(Files.readAllBytes(Path.of("src/test/resources/log-segment-1.seg")));
	}

	/** Numbers as in the document, not the constants. */
	@Test
	void readsTheCommittedSegmentByTheDocument() throws IOException {
		ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(Path.of("src/test/resources/log-segment-1.seg")))
			.order(ByteOrder.LITTLE_ENDIAN);
		assertThat(text(file, 0, 8)).isEqualTo("OBSVLOGQ");
		assertThat(file.getInt(8)).isOne();
		assertThat(file.getInt(16)).isEqualTo(file.capacity());
		assertThat(file.getInt(20)).isEqualTo(7);
		assertThat(text(file, 24, 16)).isEqualTo("00112233aabbccdd");
		assertThat(file.getInt(40)).isEqualTo(5);
		assertThat(file.getInt(44)).isEqualTo((1 << 30) + 7);
		assertThat(file.getLong(48 + 2 * 8)).isEqualTo(3);
		int record = file.getInt(12);
		int length = file.getInt(record);
		assertThat(file.get(record + 4)).isEqualTo((byte) 3);
		assertThat(file.get(record + 5)).isZero();
		assertThat(file.getLong(record + 8)).isEqualTo(1_700_000_000_123_456_789L);
		assertThat(text(file, record + 16, length - 16)).isEqualTo("hello\n");
		record += (length + 7) / 8 * 8;
		length = file.getInt(record);
		assertThat(file.get(record + 4)).isEqualTo((byte) 5);
		assertThat(text(file, record + 16, length - 16)).isEqualTo("wörld\n");
		record += (length + 7) / 8 * 8;
		assertThat(file.getInt(record)).isEqualTo(2);
		assertThat(file.getInt(record + 8)).isEqualTo(file.getInt(44));
	}

	private static String text(ByteBuffer file, int offset, int length) {
		byte[] bytes = new byte[length];
		file.get(offset, bytes);
		return new String(bytes, StandardCharsets.UTF_8);
	}

}
