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

package io.observability.internal.metrics.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;

import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.memory.Region;
import io.observability.internal.metrics.read.ArchiveFile;
import io.observability.internal.task.Leadership;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ArchiveTurnTests {

	/** So often a candidate looks before it takes the holder of the turn for stopped. */
	private static final int PATIENCE = 25;

	@TempDir
	private Path directory;

	private StoreDirectory store;

	private Leadership first;

	private Leadership second;

	@BeforeEach
	void open() throws IOException {
		this.store = StoreDirectory.open(this.directory.resolve("store"));
		this.first = ArchiveTurn.candidate(this.store);
		this.second = ArchiveTurn.candidate(this.store);
	}

	@Test
	void oneProcessHasTheTurnAtATime() throws IOException {
		try (ArchiveTurn turn = take(this.first)) {
			assertThat(ArchiveTurn.take(this.second, this.store)).isNull();
			assertThat(turn.prepare()).isTrue();
			assertThat(turn.publish(content(1))).isTrue();
		}
		assertThat(Files.readAllBytes(archive())).startsWith(1);
		take(this.second).close();
		assertThat(temporaryFiles()).isZero();
	}

	@Test
	void processThatIsStoppedInItsTurnLosesItAndReplacesNothing() throws IOException {
		ArchiveTurn stopped = take(this.first);
		assertThat(stopped.prepare()).isTrue();
		try (ArchiveTurn turn = takeFromStopped(this.second)) {
			assertThat(turn.prepare()).isTrue();
			assertThat(stopped.publish(content(1))).isFalse();
			assertThat(archive()).doesNotExist();
			assertThat(turn.publish(content(2))).isTrue();
			stopped.close();
			assertThat(Files.readAllBytes(archive())).startsWith(2);
			assertThat(ArchiveTurn.take(this.first, this.store)).as("the other one still has it").isNull();
		}
	}

	@Test
	void turnThatWasLostBeforeItsFileWasCreatedIsOver() throws IOException {
		ArchiveTurn stopped = take(this.first);
		ArchiveTurn turn = takeFromStopped(this.second);
		assertThat(stopped.prepare()).isFalse();
		turn.close();
		stopped.close();
		assertThat(temporaryFiles()).isZero();
	}

	@Test
	void processThatGetsOnKeepsItsTurn() throws IOException {
		ArchiveTurn turn = take(this.first);
		for (int look = 0; look < PATIENCE - 1; look++) {
			assertThat(ArchiveTurn.take(this.second, this.store)).isNull();
		}
		FileTime before = Files.getLastModifiedTime(ArchiveFile.lock(this.store));
		while (Files.getLastModifiedTime(ArchiveFile.lock(this.store)).equals(before)) {
			turn.onProgress();
			Thread.onSpinWait();
		}
		for (int look = 0; look < PATIENCE - 1; look++) {
			assertThat(ArchiveTurn.take(this.second, this.store)).isNull();
		}
		turn.close();
	}

	private ArchiveTurn take(Leadership candidate) throws IOException {
		ArchiveTurn turn = ArchiveTurn.take(candidate, this.store);
		assertThat(turn).isNotNull();
		return turn;
	}

	private ArchiveTurn takeFromStopped(Leadership candidate) throws IOException {
		@Nullable ArchiveTurn turn = null;
		for (int look = 0; turn == null; look++) {
			assertThat(look).isLessThanOrEqualTo(PATIENCE);
			turn = ArchiveTurn.take(candidate, this.store);
		}
		return turn;
	}

	private Path archive() {
		return ArchiveFile.of(this.store);
	}

	private long temporaryFiles() throws IOException {
		try (Stream<Path> files = Files.list(this.store.archive())) {
			return files.filter((file) -> file.toString().endsWith(".tmp")).count();
		}
	}

	private static Region content(int content) {
		Region region = Region.allocate(Long.BYTES);
		region.putLongRelease(0, content);
		return region;
	}

}
