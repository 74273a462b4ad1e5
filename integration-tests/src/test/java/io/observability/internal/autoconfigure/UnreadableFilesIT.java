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
import java.util.LinkedHashMap;
import java.util.Map;

import io.observability.testing.OtherUser;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A running application whose store has files that it can't read: of newer versions,
 * without permission, folders. One process for all cases, because its start takes long.
 */
class UnreadableFilesIT {

	private static final OtherUser USER = new OtherUser(54_321);

	private static final String LOG = "slots/7/log-0123456789abcdef-0-0.seg";

	private static final String METRICS = "slots/7/metrics-0123456789abcdef-0-0.seg";

	/** The file that is named, and how it is made. */
	private static final Map<String, String> CASES = cases();

	@TempDir(cleanup = CleanupMode.ALWAYS)
	private Path directory;

	private static Map<String, String> cases() {
		String newerLog = "printf 'OBSVLOGQ\\002\\000\\000\\000' > FILE; truncate -s 4096 FILE";
		String newerMetrics = "printf 'OBSMETR1\\003\\000\\000\\000' > FILE; truncate -s 4096 FILE";
		String newerCheckpoint = "rm -f FILE; printf 'OBSVCHKP\\002\\000\\000\\000' > FILE; truncate -s 4096 FILE";
		Map<String, String> cases = new LinkedHashMap<>();
		cases.put("newer " + METRICS, newerMetrics);
		cases.put("forbidden " + METRICS, "printf x > FILE; chmod 000 FILE");
		cases.put("folder " + METRICS, "mkdir -p FILE/content");
		cases.put("forbidden " + LOG, "printf x > FILE; chmod 000 FILE");
		cases.put("folder " + LOG, "mkdir -p FILE/content");
		cases.put("forbidden slots/7", "chmod 000 FILE");
		cases.put("file slots/8", "printf x > FILE");
		cases.put("newer archive/totals.seg", "rm -f FILE; " + newerMetrics);
		cases.put("forbidden archive/totals.seg", "rm -f FILE; printf x > FILE; chmod 000 FILE");
		cases.put("folder archive/totals.seg", "rm -f FILE; mkdir -p FILE/content");
		cases.put("folder collector.checkpoint", "rm -f FILE; mkdir -p FILE/content");
		cases.put("forbidden collector.checkpoint", "rm -f FILE; printf x > FILE; chmod 000 FILE");
		cases.put("newer " + LOG, newerLog);
		cases.put("newer collector.checkpoint", newerCheckpoint);
		return cases;
	}

	@Test
	void filesAreNamedAndTheRestIsShown() throws Exception {
		OtherUser.assumeAvailable();
		Files.setAttribute(this.directory, "unix:mode", 0755);
		Path store = USER.own(Files.createDirectory(this.directory.resolve("store")), 0700);
		USER.own(Files.createFile(this.directory.resolve("shop.log")), 0600);
		String classPath = OtherUser.readableClassPath(Files.createDirectory(this.directory.resolve("classes")));
		try (FleetPageProcess process = FleetPageProcess.startAs(USER, classPath, this.directory,
				"--server.tomcat.max-keep-alive-requests=-1")) {
			process.status("/work");
			awaitHealth(process, "UP");
			for (Map.Entry<String, String> each : CASES.entrySet()) {
				String file = each.getKey().replaceAll(".* ", "");
				run(store, "mkdir -p slots/7; " + each.getValue().replace("FILE", file)
						+ "; chown -R 54321:54320 slots archive collector*");
				assertServes(process, each.getKey());
				Awaitility.await(each.getKey())
					.until(() -> problems(process).contains(file) || isPutAside(store.resolve(file)));
				assertThat(process.get("/actuator/fleet")).as(each.getKey()).contains("\"self\":true");
				if (!isPutAside(store.resolve(file))) {
					awaitHealth(process, "DEGRADED");
				}
				if (!each.getKey().startsWith("newer " + LOG) && !each.getKey().startsWith("newer collector")) {
					run(store, "chmod -R u+rwX slots/7 2> /dev/null; rm -rf slots/7 slots/8 "
							+ (file.startsWith("slots") ? "" : file));
				}
			}
			process.log(1);
			long begin = System.nanoTime();
			process.terminate();
			System.out.println("end after ms=" + (System.nanoTime() - begin) / 1_000_000);
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(9));
			assertThat(Files.readString(this.directory.resolve("shop.log"))).contains("p" + process.pid() + "n1-");
		}
	}

	private static void assertServes(FleetPageProcess process, String text) {
		for (String path : new String[] { "/work", "/actuator/prometheus", "/actuator/fleet", "/actuator/health" }) {
			assertThat(process.status(path)).as(path + " " + text).isEqualTo(200);
		}
		assertThat(process.get("/actuator/prometheus")).contains("http_requests_total");
	}

	/** The collector does that with a checkpoint that no other process can read. */
	private static boolean isPutAside(Path file) {
		return Files.exists(file.resolveSibling(file.getFileName() + ".unusable1"));
	}

	private static String problems(FleetPageProcess process) {
		return process.get("/actuator/fleet").replaceAll("(?s).*\"problems\":", "");
	}

	private static void awaitHealth(FleetPageProcess process, String status) {
		Awaitility.await()
			.until(() -> process.get("/actuator/health").contains("\"observability\":{\"status\":\"" + status + "\""));
	}

	private static void run(Path directory, String script) throws IOException, InterruptedException {
		new ProcessBuilder("sh", "-c", script).directory(directory.toFile()).inheritIO().start().waitFor();
	}

}
