package io.observability.sample;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The launcher, in the executable jar.
 */
@EnabledOnOs(OS.LINUX)
class FleetIT {

	private static final Duration PATIENCE = Duration.ofMinutes(3);

	@TempDir
	private Path directory;

	private Process launcher;

	private List<ProcessHandle> started = List.of();

	@AfterEach
	void stop() {
		this.launcher.destroyForcibly();
		this.started.forEach(ProcessHandle::destroyForcibly);
	}

	@Test
	void workersShareThePortAndAreReplacedAndEndWithTheLauncher() throws Exception {
		int port = freePorts();
		launch(port);
		await().atMost(PATIENCE).until(() -> output().contains("Stop:"));
		this.started = this.launcher.children().toList();
		Set<Long> pids = pidsThatAnswer(port, 2);
		assertThat(this.started).extracting(ProcessHandle::pid).containsExactlyInAnyOrderElementsOf(pids);

		ProcessHandle victim = this.started.get(0);
		victim.destroyForcibly();
		await().atMost(PATIENCE).until(() -> output().contains("pid " + victim.pid() + " has ended with 137"));
		this.started = this.launcher.children().toList();
		assertThat(pidsThatAnswer(port, 2)).doesNotContain(victim.pid());

		this.launcher.destroyForcibly();
		await().atMost(PATIENCE).until(() -> this.started.stream().noneMatch(ProcessHandle::isAlive));
	}

	@Test
	void saysWhichPortIsTaken() throws Exception {
		int port = freePorts();
		try (ServerSocket taken = new ServerSocket(port + 2)) {
			launch(port);
			assertThat(this.launcher.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
			assertThat(this.launcher.exitValue()).isEqualTo(1);
			assertThat(output()).contains("port is taken: port=" + taken.getLocalPort());
		}
	}

	private void launch(int port) throws IOException {
		String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
		File output = this.directory.resolve("launcher.out").toFile();
		this.launcher = new ProcessBuilder(java, "-jar", System.getProperty("sample.jar"), "--workers", "2", "--port",
				Integer.toString(port), "--dir", this.directory.toString())
			.redirectErrorStream(true)
			.redirectOutput(output)
			.start();
	}

	private String output() throws IOException {
		return Files.readString(this.directory.resolve("launcher.out"));
	}

	/** A new client, and so a new connection, for each request. */
	private static Set<Long> pidsThatAnswer(int port, int count) {
		URI uri = URI.create("http://localhost:" + port + "/products");
		Set<Long> pids = new HashSet<>();
		await().atMost(PATIENCE).ignoreExceptions().until(() -> {
			HttpResponse<Void> response = HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding());
			pids.add(response.headers().firstValueAsLong("X-Pid").orElseThrow());
			return pids.size() == count;
		});
		return pids;
	}

	/** A port with two free ones after it, below those that the system gives away. */
	private static int freePorts() {
		while (true) {
			int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
			if (isFree(port) && isFree(port + 1) && isFree(port + 2)) {
				return port;
			}
		}
	}

	private static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket(port)) {
			return socket.isBound();
		}
		catch (IOException ex) {
			return false;
		}
	}

}
