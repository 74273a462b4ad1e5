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
package io.observability.internal.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.observability.testing.OtherUser;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two real users share a store by their group, and one of them attacks the other's
 * application: before it starts, while it runs, and without pause while it is used.
 */
class HostileUserIT {

	private static final OtherUser VICTIM = new OtherUser(54_321);

	private static final OtherUser PEER = new OtherUser(54_322);

	/** What is in the place of files when the application starts. */
	private static final String BEFORE_THE_START = """
			mkdir slots archive; chmod 2770 slots archive
			for i in 0 1 2 3; do mkdir slots/$i; chmod 2770 slots/$i; done
			ln -s ../../../home/secret slots/0/lock
			mkfifo slots/1/lock slots/1/instance
			mkdir -p slots/2/lock/content slots/2/instance.tmp/content
			ln -s ../../../home/secret slots/3/instance.tmp
			mkfifo slots/3/metrics-0123456789abcdef-0-0.seg slots/3/log-0123456789abcdef-0-0.seg
			truncate -s 2G slots/3/metrics-1123456789abcdef-0-0.seg
			printf 'x' > slots/3/log-2123456789abcdef-0-0.seg; chmod 000 slots/3/log-2123456789abcdef-0-0.seg
			printf 'x' > slots/3/metrics-2123456789abcdef-0-0.seg; chmod 000 slots/3/metrics-2123456789abcdef-0-0.seg
			ln -s ../../home/secret archive/totals.seg
			mkfifo archive/lock
			ln -s ../home/secret collector.checkpoint
			mkfifo collector.lock
			ln -s ../home/secret checkpoint.tmp
			""";

	/** The same and more in the place of the files of a living instance. */
	private static final String WHILE_IT_RUNS = """
			for kind in pipe link folder sparse hard unreadable; do
			for file in collector.checkpoint collector.lock archive/totals.seg archive/lock slots/*/lock 					slots/*/instance slots/*/metrics-*-0.seg slots/*/log-*-0.seg; do
				rm -rf $file
				case $kind in
					pipe) mkfifo $file;;
					link) ln -s /ATTACKED/home/secret $file;;
					folder) mkdir -p $file/content;;
					unreadable) printf x > $file; chmod 000 $file;;
					hard) ln /ATTACKED/home/secret $file || ln own-file $file;;
					sparse) truncate -s 2G $file;;
				esac
			done
			sleep 2
			done 2> /dev/null
			# Spares the time until it is put aside.
			rm -f collector.checkpoint
			""";

	private static final Duration RECOVERY = Duration.ofMinutes(1);

	@TempDir(cleanup = CleanupMode.ALWAYS)
	private Path directory;

	private Path home;

	private Path shared;

	private Map<Path, String> before;

	@BeforeEach
	void createUsersFolders() throws IOException {
		OtherUser.assumeAvailable();
		Files.setAttribute(this.directory, "unix:mode", 0755);
		this.home = VICTIM.own(Files.createDirectory(this.directory.resolve("home")), 0755);
		VICTIM.own(Files.writeString(this.home.resolve("secret"), "secret\n"), 0600);
		VICTIM.own(Files.writeString(this.home.resolve(".bashrc"), "true\n"), 0644);
		this.shared = VICTIM.own(Files.createDirectory(this.directory.resolve("store")), 02770);
		VICTIM.own(Files.writeString(this.directory.resolve("shop.log"), ""), 0600);
		this.before = state();
	}

	/** Modes and content of all the victim's files outside the store. */
	private Map<Path, String> state() throws IOException {
		Map<Path, String> state = new TreeMap<>();
		try (Stream<Path> files = Files.list(this.home)) {
			for (Path file : files.toList()) {
				state.put(file, Files.getAttribute(file, "unix:mode") + " " + Files.getAttribute(file, "unix:nlink")
						+ " " + Files.readString(file));
			}
		}
		return state;
	}

	@Test
	void peerOfTheGroupGetsNothingButTheStore() throws IOException {
		PEER.run(this.shared, BEFORE_THE_START);
		String classPath = OtherUser.readableClassPath(Files.createDirectory(this.directory.resolve("classes")));
		try (FleetPageProcess victim = FleetPageProcess.startAs(VICTIM, classPath, this.directory)) {
			assertServes(victim, "at the start");
			Thread attack = new Thread(() -> PEER.run(this.shared,
					"printf x > own-file\n" + WHILE_IT_RUNS.replace("/ATTACKED", this.directory.toString())));
			attack.start();
			while (attack.isAlive()) {
				assertServes(victim, "under attack");
			}
			victim.status("/log?level=INFO&text=after+the+attack");
			// Files are checked every ten seconds, and who can't collect stands back.
			Awaitility.await().atMost(RECOVERY).untilAsserted(() -> assertThat(shopLog()).contains("after the attack"));
			Awaitility.await()
				.atMost(RECOVERY)
				.untilAsserted(() -> assertThat(victim.get("/actuator/prometheus")).contains("http_requests_total"));
			assertThat(victim.get("/actuator/fleet")).contains("\"problems\"");
			long asked = System.nanoTime();
			assertThat(victim.terminate()).isEqualTo(128 + 15);
			System.out.println("end of the attacked application after ms=" + (System.nanoTime() - asked) / 1_000_000);
		}
		assertThat(state()).isEqualTo(this.before);
	}

	private String shopLog() throws IOException {
		return Files.readString(this.directory.resolve("shop.log"));
	}

	private static void assertServes(FleetPageProcess victim, String text) {
		for (String path : List.of("/work", "/log?level=INFO&text=" + text.replace(' ', '+'), "/actuator/prometheus",
				"/actuator/fleet", "/actuator/health")) {
			assertThat(victim.status(path)).as(path + " " + text).isEqualTo(200);
		}
		assertThat(victim.get("/actuator/health")).containsAnyOf("\"status\":\"UP\"", "\"status\":\"DEGRADED\"");
	}

}
