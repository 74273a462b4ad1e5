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

package io.observability.internal.log.collector;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.observability.internal.instance.Instance;
import io.observability.internal.instance.StoreDirectory;
import io.observability.testing.TestFleet;
import io.observability.testing.Together;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class LogStoreTests {

	private static final Path ONE = Path.of("/var/log/one.log");

	private static final Path TWO = Path.of("/var/log/two.log");

	@TempDir
	private Path directory;

	private TestFleet fleet;

	private Instance member;

	@BeforeEach
	void join() {
		this.fleet = TestFleet.in(this.directory);
		this.member = this.fleet.start().instance();
	}

	@AfterEach
	void leave() {
		this.fleet.close();
	}

	@Test
	void firstLogHasTheStoreItselfForGood() throws IOException {
		assertThat(store(ONE)).isEqualTo(this.member.store().path());
		assertThat(store(TWO)).startsWith(this.member.store().path().resolve("logs"));
		assertThat(store(ONE)).isEqualTo(this.member.store().path());
		assertThat(FleetLog.allOf(this.member.store())).extracting(FleetLog::file)
			.containsExactly(ONE.toString(), TWO.toString());
	}

	@Test
	void namesNeverCollide() throws IOException {
		store(ONE);
		Set<String> names = new HashSet<>();
		List<String> logs = List.of("/a/b.log", "/a_b.log", "/a/B.log", "/a/b_log", "/ä/b.log", "/ö/b.log",
				"/a b/b.log", "/" + "x".repeat(250), "/" + "x".repeat(249) + "y");
		for (String log : logs) {
			names.add(store(Path.of(log)).getFileName().toString());
		}
		assertThat(names).hasSameSizeAs(logs).allMatch((name) -> name.matches("[a-z0-9._-]{1,80}"));
	}

	@Test
	void instancesThatStartTogetherAgree() throws Exception {
		for (int round = 0; round < 20; round++) {
			List<Instance> members = List.of(this.fleet.start().instance(), this.fleet.start().instance());
			this.fleet.store().collectorClaim().toFile().delete();
			Set<Path> roots = new HashSet<>();
			List<Path> found = new ArrayList<>();
			Together.run(members.size(), (i) -> {
				Path log = Path.of("/var/log/" + i);
				Path store = LogStore.of(members.get(i), log).path();
				synchronized (found) {
					found.add(store);
					if (!store.toString().contains("logs")) {
						roots.add(log);
					}
				}
			});
			assertThat(found).hasSize(2);
			assertThat(roots).hasSize(1);
		}
	}

	@Test
	void claimThatIsNotAFileLeavesTheStoreToNone() throws IOException {
		Files.createDirectory(this.member.store().collectorClaim());
		assertThat(store(ONE)).startsWith(this.member.store().path().resolve("logs"));
		assertThat(store(TWO)).startsWith(this.member.store().path().resolve("logs")).isNotEqualTo(store(ONE));
	}

	private Path store(Path log) throws IOException {
		StoreDirectory store = LogStore.of(this.member, log);
		assertThat(store.slots()).isDirectory();
		return store.path();
	}

}
