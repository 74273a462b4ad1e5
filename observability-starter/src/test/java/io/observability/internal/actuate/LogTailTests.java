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

package io.observability.internal.actuate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the page sees of a log that grows and rolls.
 */
class LogTailTests {

	@TempDir
	private Path directory;

	private LiveFleet.LogLines since(String position) throws IOException {
		return new LogTail(log(), StandardCharsets.UTF_8).since(position);
	}

	private Path log() {
		return this.directory.resolve("shop.log");
	}

	private void write(String text) throws IOException {
		Files.writeString(log(), text, CREATE, APPEND);
	}

	@Test
	void nothingIsReadWithoutALog() throws IOException {
		assertThat(since(null)).isNull();
		assertThat(new LogTail(null, StandardCharsets.UTF_8).since(null)).isNull();
	}

	@Test
	void eachLineIsReadOnce() throws IOException {
		write("eins\nzwölf\n");
		LiveFleet.LogLines first = since(null);
		assertThat(first.lines()).containsExactly("eins", "zwölf");
		assertThat(first.continues()).isFalse();

		assertThat(since(first.position()).lines()).isEmpty();
		write("drei\n");
		LiveFleet.LogLines second = since(first.position());
		assertThat(second.lines()).containsExactly("drei");
		assertThat(second.continues()).isTrue();
	}

	@Test
	void lineThatIsBeingWrittenWaitsForItsEnd() throws IOException {
		write("one\ntw");
		LiveFleet.LogLines first = since(null);
		assertThat(first.lines()).containsExactly("one");

		write("o\n");
		assertThat(since(first.position()).lines()).containsExactly("two");
	}

	@Test
	void onlyTheEndOfALongLogIsRead() throws IOException {
		List<String> lines = IntStream.range(0, 50_000).mapToObj((i) -> "line " + i).toList();
		write(String.join("\n", lines) + "\n");

		List<String> read = since(null).lines();

		assertThat(read).hasSizeBetween(1000, 10_000)
			.isEqualTo(lines.subList(lines.size() - read.size(), lines.size()));
	}

	@Test
	void readerThatFellFarBehindBeginsAtTheEnd() throws IOException {
		write("first\n");
		String position = since(null).position();
		write("more\n".repeat(50_000));

		LiveFleet.LogLines lines = since(position);

		assertThat(lines.continues()).isFalse();
		assertThat(lines.lines()).hasSizeLessThan(20_000).doesNotContain("first").containsOnly("more");
	}

	@Test
	void rolledLogIsReadFromItsBeginning() throws IOException {
		write("old\n");
		String position = since(null).position();
		Files.move(log(), this.directory.resolve("shop.log.0"), StandardCopyOption.ATOMIC_MOVE);
		write("new log\n");

		assertThat(since(position).lines()).containsExactly("new log");
	}

	@Test
	void positionThatMakesNoSenseIsNone() throws IOException {
		write("one\n");

		for (String position : List.of("", "x", "1-999999999999999999", since(null).position() + "0",
				"1-99999999999999999999")) {
			assertThat(since(position).lines()).as(position).containsExactly("one");
		}
	}

	@Test
	void endlessLineIsShortenedAndDoesNotStopTheReader() throws IOException {
		write("x".repeat(5_000) + "\n" + "y".repeat(200_000));
		LiveFleet.LogLines first = since(null);
		write("\nnext\n");

		assertThat(since(first.position()).lines()).endsWith("next").allMatch((line) -> line.length() < 3_000);
	}

}
