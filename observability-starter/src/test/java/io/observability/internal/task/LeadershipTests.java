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

package io.observability.internal.task;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;

import io.observability.internal.instance.ProcessLock;
import io.observability.testing.Locks;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

class LeadershipTests {

	@TempDir
	private Path directory;

	private Path file;

	private Leadership one;

	private Leadership other;

	@BeforeEach
	void create() {
		this.file = this.directory.resolve("lock");
		this.one = new Leadership(this.file);
		this.other = new Leadership(this.file);
	}

	@AfterEach
	void close() {
		this.one.close();
		this.other.close();
	}

	@Test
	void oneOfSeveralCandidatesLeads() throws IOException {
		assertThat(this.one.isLeader()).isTrue();
		assertThat(this.other.isLeader()).isFalse();
		assertThat(this.one.isLeader()).isTrue();
		this.one.close();
		assertThat(this.other.isLeader()).isTrue();
	}

	@Test
	void folderInThePlaceOfTheFileIsPutAside() throws IOException {
		Files.createDirectories(this.file.resolve("folder"));
		assertThatIOException().isThrownBy(this.one::isLeader).withMessageContaining(this.file.toString());
		assertThat(this.one.isLeader()).isTrue();
		assertThat(this.other.isLeader()).isFalse();
		assertThat(this.directory.resolve("lock.unusable1/folder")).exists();
	}

	@Test
	void leaderThatIsStoppedIsReplacedAfterManyLooks() throws IOException {
		assertThat(this.one.isLeader()).isTrue();
		int looks = 0;
		while (!this.other.isLeader()) {
			looks++;
		}
		assertThat(looks * Leadership.LOOK_NANOS).isBetween(TimeUnit.SECONDS.toNanos(5), TimeUnit.SECONDS.toNanos(6));
		assertThat(this.one.isLeader()).isFalse();
		assertThat(this.one.isStandingBack()).isTrue();
		assertThat(this.other.isLeader()).isTrue();
	}

	@Test
	void candidateLooksLessOftenWhileTheLeaderGetsOn() throws IOException {
		assertThat(this.one.isLeader()).isTrue();
		long elapsed = 0;
		long longest = 0;
		while (!this.other.isLeader()) {
			long pause = this.other.untilNextLook();
			longest = Math.max(longest, pause);
			elapsed += pause;
		}
		assertThat(longest).isEqualTo(2 * Leadership.LOOK_NANOS);
		assertThat(elapsed).as("until it replaces one that is stopped")
			.isBetween(TimeUnit.SECONDS.toNanos(5), TimeUnit.SECONDS.toNanos(6));
	}

	@Test
	void leaderThatGetsOnIsNotReplaced() throws IOException {
		assertThat(this.one.isLeader()).isTrue();
		for (int look = 0; look < 200; look++) {
			// As the heartbeat does, without waiting for it.
			Files.setLastModifiedTime(this.file, FileTime.fromMillis(look / 20));
			assertThat(this.other.isLeader()).isFalse();
		}
	}

	@Test
	void leaderThatGetsOnChangesTheFilesTime() throws IOException {
		assertThat(this.one.isLeader()).isTrue();
		FileTime before = Files.getLastModifiedTime(this.file);
		Awaitility.await().untilAsserted(() -> {
			this.one.onSuccess();
			assertThat(Files.getLastModifiedTime(this.file)).isGreaterThan(before);
		});
		assertThat(ProcessLock.isHeld(this.file)).isTrue();
	}

	@Test
	void leaderThatFailsForSomeTimeResignsAndStandsBack() throws IOException {
		this.one = new Leadership(this.file, TimeUnit.MILLISECONDS.toNanos(100));
		assertThat(this.one.isLeader()).isTrue();
		this.one.onFailure();
		assertThat(this.one.isLeader()).isTrue();
		Awaitility.await().until(() -> {
			this.one.onFailure();
			return !this.one.isLeader();
		});
		assertThat(this.one.isStandingBack()).isTrue();
		assertThat(this.other.isLeader()).isTrue();
	}

	@Test
	void leaderThatWorksAgainInTimeGoesOnLeading() throws IOException {
		this.one = new Leadership(this.file, TimeUnit.MILLISECONDS.toNanos(100));
		assertThat(this.one.isLeader()).isTrue();
		long start = System.nanoTime();
		Awaitility.await().until(() -> {
			this.one.onFailure();
			this.one.onSuccess();
			return System.nanoTime() - start > TimeUnit.MILLISECONDS.toNanos(300);
		});
		assertThat(this.one.isLeader()).isTrue();
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void leaderThatHasLostItsLockIsACandidateAgain() throws IOException {
		assertThat(this.one.isLeader()).isTrue();
		Locks.drop(this.file);
		Awaitility.await().until(() -> !this.one.isUncontested());
		assertThat(this.one.isLeader()).as("for one look, so that its term ends").isFalse();
		assertThat(this.one.isLeader()).isTrue();
		assertThat(this.one.isUncontested()).isTrue();
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void leaderThatHasLostItsLockToAnotherLeavesItToThat() throws IOException {
		assertThat(this.one.isLeader()).isTrue();
		Locks.drop(this.file);
		Awaitility.await().until(() -> !this.one.isLeader());
		assertThat(this.other.isLeader()).isTrue();
		assertThat(this.one.isLeader()).isFalse();
	}

	@Test
	void leaderThatWasReplacedNotices() throws IOException {
		assertThat(this.one.isLeader()).isTrue();
		Files.delete(this.file);
		assertThat(this.one.isLeader()).as("only deleted: there is no other").isTrue();
		assertThat(this.other.isLeader()).isTrue();
		assertThat(this.one.isLeader()).isFalse();
	}

}
