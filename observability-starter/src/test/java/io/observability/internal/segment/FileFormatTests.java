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

package io.observability.internal.segment;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import io.observability.internal.memory.Region;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * How files of a format are recognised.
 */
class FileFormatTests {

	private static final FileFormat FORMAT = new FileFormat("test file", magic("TESTFILE"), 3, 24);

	private final Region region = Region.allocate(64);

	@Test
	void publishedHeaderIsAccepted() {
		FORMAT.publish(this.region, 24);
		assertThat(FileFormat.isPublished(header(64))).isTrue();
		assertThatNoException().isThrownBy(() -> FORMAT.check(header(64)));
		assertThat(header(64).getInt(SegmentHeaderLayout.HEADER_LENGTH_OFFSET)).isEqualTo(24);
	}

	@Test
	void fileThatIsStillBeingCreatedIsNotPublished() {
		this.region.putInt(SegmentHeaderLayout.VERSION_OFFSET, 3);
		assertThat(FileFormat.isPublished(header(64))).isFalse();
		assertThat(FileFormat.isPublished(header(3))).isFalse();
		assertThat(FileFormat.isPublished(header(0))).isFalse();
	}

	@Test
	void shortFileIsCorrupt() {
		FORMAT.publish(this.region, 24);
		assertThatExceptionOfType(CorruptSegmentException.class).isThrownBy(() -> FORMAT.check(header(23)))
			.withMessage("test file is too short: length=23, limit=24");
	}

	@Test
	void fileOfAnotherFormatIsCorrupt() {
		new FileFormat("other file", magic("OTHERONE"), 3, 24).publish(this.region, 24);
		assertThatExceptionOfType(CorruptSegmentException.class).isThrownBy(() -> FORMAT.check(header(64)))
			.withMessage("not a test file: magic=0x454e4f524548544f");
	}

	@Test
	void fileOfAnotherVersionIsNotTakenForDamaged() {
		FORMAT.publish(this.region, 24, 2);
		assertThatNoException().as("older").isThrownBy(() -> FORMAT.check(header(64)));
		new FileFormat("test file", FORMAT.magic(), 4, 24).publish(this.region, 24);
		assertThatExceptionOfType(UnknownVersionException.class).isThrownBy(() -> FORMAT.check(header(64)))
			.withMessage("unknown version of test file: version=4, known=3");
	}

	private ByteBuffer header(int length) {
		return this.region.slice(0, length);
	}

	private static long magic(String text) {
		return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)).order(ByteOrder.LITTLE_ENDIAN).getLong();
	}

}
