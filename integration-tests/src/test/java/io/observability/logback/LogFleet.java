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

package io.observability.logback;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import io.observability.internal.instance.InstanceInfo;
import io.observability.internal.instance.Slots;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.FleetLog;
import io.observability.testing.ForkedJvm;
import io.observability.testing.LiveFolder;
import org.awaitility.Awaitility;

/** Some {@link LogWriterMain}s that write one log, to be killed and replaced. */
final class LogFleet implements Closeable {

	private static final int THREADS = 2;

	private final Path directory;

	private final Path logDirectory;

	private final int pauseMicros;

	private final Map<String, String> properties;

	private final Random random = new Random();

	private final List<ForkedJvm> jvms = new ArrayList<>();

	private int started;

	LogFleet(Path directory, int size, int pauseMicros) {
		this(directory, directory, size, pauseMicros, Map.of());
	}

	LogFleet(Path directory, Path logDirectory, int size, int pauseMicros, Map<String, String> properties) {
		this.directory = directory;
		this.logDirectory = logDirectory;
		this.pauseMicros = pauseMicros;
		this.properties = properties;
		try {
			for (int i = 0; i < size; i++) {
				start();
			}
		}
		catch (AssertionError ex) {
			close();
			throw ex;
		}
	}

	/** Starts one, and waits until it logs. */
	void start() {
		startUnawaited().awaitLine("started");
	}

	/** Starts one, which may be killed before it logs. */
	ForkedJvm startUnawaited() {
		return start(List.of(), ForkedJvm.plainClassPath());
	}

	/**
	 * Starts one in an environment of its own, which may be killed before it logs.
	 * @param launcher starts it
	 * @param classPath of its own
	 */
	ForkedJvm start(List<String> launcher, String classPath) {
		ForkedJvm jvm = ForkedJvm.startPlain(launcher, classPath, LogWriterMain.class, this.properties,
				this.directory.toString(), "w" + this.started++, Integer.toString(THREADS),
				Integer.toString(this.pauseMicros));
		this.jvms.add(jvm);
		return jvm;
	}

	/** Kills one, in whatever state it is. */
	void kill(ForkedJvm victim) {
		victim.kill();
		this.jvms.remove(victim);
	}

	ForkedJvm any() {
		return this.jvms.get(this.random.nextInt(this.jvms.size()));
	}

	List<ForkedJvm> all() {
		return List.copyOf(this.jvms);
	}

	/** Waits until one of them collects. */
	ForkedJvm collector() {
		return collector("store");
	}

	/** The one that feeds its attached appenders. */
	ForkedJvm collectorOfSinks() {
		return collector("store/sinks");
	}

	private ForkedJvm collector(String store) {
		return Awaitility.await().until(() -> findCollector(store), (jvm) -> jvm != null);
	}

	private ForkedJvm findCollector(String path) throws IOException {
		StoreDirectory store = StoreDirectory.open(this.directory.resolve(path));
		String collector = FleetLog.of(store).collector();
		long pid = new Slots(store).list()
			.stream()
			.map((slot) -> slot.livingOccupant())
			.filter((occupant) -> occupant != null && occupant.id().equals(collector))
			.mapToLong(InstanceInfo::pid)
			.findFirst()
			.orElse(-1);
		return this.jvms.stream().filter((jvm) -> jvm.pid() == pid).findFirst().orElse(null);
	}

	/** Lets them write until so many bytes more are in the log. */
	void awaitProgress(long bytes) throws IOException {
		long goal = size() + bytes;
		Awaitility.await().until(() -> size() >= goal);
	}

	private long size() throws IOException {
		try (Stream<Path> files = Files.list(this.logDirectory)) {
			long pieces = files.filter((file) -> file.getFileName().toString().startsWith("app.log.")).count();
			Path active = this.logDirectory.resolve("app.log");
			// Zero while the file is rolled.
			return (pieces << 20) + active.toFile().length();
		}
	}

	/** How many log calls have returned. */
	long acknowledged() throws IOException {
		long sum = 0;
		for (int i = 0; i < this.started; i++) {
			Path file = this.directory.resolve("ack-w" + i);
			ByteBuffer counts = ByteBuffer.wrap(Files.exists(file) ? Files.readAllBytes(file) : new byte[0]);
			while (counts.hasRemaining()) {
				sum += counts.getInt();
			}
		}
		return sum;
	}

	/** Kills them at once and starts as many others. */
	void replace(List<ForkedJvm> victims) {
		victims.forEach((victim) -> victim.signal("KILL"));
		for (ForkedJvm victim : victims) {
			victim.kill();
			this.jvms.remove(victim);
		}
		victims.forEach((victim) -> start());
	}

	/** Stops them in an orderly manner, all at once. */
	void stop() {
		this.jvms.forEach((jvm) -> jvm.send("stop"));
		for (ForkedJvm jvm : this.jvms) {
			jvm.awaitLine("stopped");
			jvm.awaitExit();
		}
		this.jvms.clear();
	}

	/** Stops the only one, and returns how many failures of tasks it has reported. */
	long stopAndCountWarnings() {
		ForkedJvm only = this.jvms.get(0);
		only.send("stop");
		long count = Long.parseLong(only.awaitLine("warnings").substring("warnings ".length()));
		only.awaitLine("stopped");
		only.awaitExit();
		return count;
	}

	List<Path> queueFiles() throws IOException {
		return LiveFolder.tree(this.directory.resolve("store"))
			.stream()
			.filter((file) -> file.getFileName().toString().startsWith("log-"))
			.toList();
	}

	@Override
	public void close() {
		this.jvms.forEach(ForkedJvm::close);
	}

}
