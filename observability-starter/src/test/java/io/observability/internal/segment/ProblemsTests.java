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

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

class ProblemsTests {

	private static final Path FILE = Path.of("file");

	private static final String UNREADABLE = "file can't be read: ";

	private static final String LOST = "file was deleted: ";

	private final List<String> warnings = new ArrayList<>();

	private Instant now = Instant.EPOCH;

	private final Problems problems = new Problems(this.warnings::add, () -> this.now);

	@Test
	void isShownAndReportedOnce() {
		for (int i = 0; i < 3; i++) {
			this.problems.report(FILE, UNREADABLE, new IOException("Too many open files"));
		}
		assertThat(this.problems.byFile()).containsExactly(entry(FILE, "file can't be read: Too many open files"));
		assertThat(this.warnings).containsExactly("file can't be read: Too many open files, file=file");
	}

	@Test
	void anotherProblemOfTheSameFileIsReportedToo() {
		this.problems.report(FILE, UNREADABLE, new IOException("Too many open files"));
		this.problems.report(FILE, UNREADABLE, new CorruptSegmentException("not a segment"));
		this.problems.report(FILE, LOST, "size=1");
		assertThat(this.warnings).hasSize(3);
		assertThat(this.problems.byFile()).containsExactly(entry(FILE,
				"file can't be read: Too many open files; file can't be read: not a segment; file was deleted: size=1"));
	}

	@Test
	void isOverWhenTheOperationSucceeds() {
		this.problems.report(FILE, UNREADABLE, new IOException("Too many open files"));
		this.problems.report(FILE, LOST, "size=1");
		this.problems.resolve(FILE, UNREADABLE);
		assertThat(this.problems.byFile()).containsExactly(entry(FILE, "file was deleted: size=1"));
	}

	@Test
	void isForgottenIfItDoesNotOccurAgain() {
		this.problems.report(FILE, UNREADABLE, "1");
		this.now = this.now.plus(Problems.FORGOTTEN_AFTER.minusSeconds(1));
		this.problems.report(FILE, UNREADABLE, "2");
		this.now = this.now.plus(Problems.FORGOTTEN_AFTER);
		assertThat(this.problems.byFile()).containsExactly(entry(FILE, "file can't be read: 2"));
		this.now = this.now.plusMillis(1);
		assertThat(this.problems.byFile()).isEmpty();
	}

	@Test
	void isReportedAgainOnlyAfterItWasForgotten() {
		for (int i = 0; i < 10; i++) {
			this.problems.report(FILE, UNREADABLE, "comes and goes");
			this.problems.resolve(FILE, UNREADABLE);
			this.now = this.now.plusSeconds(1);
		}
		assertThat(this.warnings).hasSize(1);
		this.now = this.now.plus(Problems.FORGOTTEN_AFTER);
		this.problems.report(FILE, UNREADABLE, "returns");
		assertThat(this.warnings).hasSize(2);
		assertThat(this.problems.byFile()).hasSize(1);
	}

	@Test
	void lastingOneIsKeptUntilItIsResolved() {
		this.problems.reportLasting("orders", "metric is not exposed: ", "type=GAUGE");
		this.now = this.now.plus(Duration.ofDays(1));
		assertThat(this.problems.byMetric()).containsExactly(entry("orders", "metric is not exposed: type=GAUGE"));
		assertThat(this.problems.byFile()).isEmpty();
		assertThat(this.warnings).containsExactly("metric is not exposed: type=GAUGE, metric=orders");
		this.problems.resolve("orders", "metric is not exposed: ");
		assertThat(this.problems.byMetric()).isEmpty();
	}

	@Test
	void limitedNumberIsKept() {
		for (int i = 0; i < 3 * Problems.MAX_PROBLEMS; i++) {
			this.problems.report(Path.of("file-" + i), UNREADABLE, "damaged");
		}
		assertThat(this.problems.byFile()).hasSize(Problems.MAX_PROBLEMS);
		assertThat(this.warnings).hasSize(Problems.MAX_PROBLEMS);
		this.problems.resolve(Path.of("file-0"), UNREADABLE);
		this.problems.report(FILE, LOST, "size=1");
		assertThat(this.problems.byFile()).hasSize(Problems.MAX_PROBLEMS).containsKey(FILE);
	}

}
