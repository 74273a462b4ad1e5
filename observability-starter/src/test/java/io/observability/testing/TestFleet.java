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

package io.observability.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import io.observability.internal.instance.Instance;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.metrics.archive.Archive;
import io.observability.internal.metrics.read.FleetMetrics;
import io.observability.internal.metrics.write.MetricsWriter;
import io.observability.internal.segment.Problems;
import org.jspecify.annotations.Nullable;

/**
 * A store in which this one process plays several instances.
 *
 * <p>
 * A process joins a store once, and knows it again by its path. So each instance here
 * gets a path of its own, through a symbolic link.
 */
public final class TestFleet implements Closeable {

	private final Path directory;

	private final StoreDirectory store;

	private final List<String> warnings = new CopyOnWriteArrayList<>();

	private final Problems problems = new Problems(this.warnings::add);

	private final Deque<Closeable> toClose = new ArrayDeque<>();

	private final AtomicLong elapsed = new AtomicLong();

	private int members;

	private TestFleet(Path directory, StoreDirectory store) {
		this.directory = directory;
		this.store = store;
	}

	/**
	 * Opens a store without instances.
	 * @param directory an empty folder
	 * @return the fleet
	 */
	public static TestFleet in(Path directory) {
		try {
			Path real = Files.createDirectories(directory.resolve("fleet"));
			return new TestFleet(directory, StoreDirectory.open(real.resolve("store")));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public StoreDirectory store() {
		return this.store;
	}

	/**
	 * Starts an instance that is named after its slot.
	 * @return the instance
	 */
	public Member start() {
		return start(null);
	}

	/**
	 * Starts an instance.
	 * @param name value of the instance label, or null
	 * @return the instance
	 */
	public synchronized Member start(@Nullable String name) {
		try {
			Path link = Files.createSymbolicLink(this.directory.resolve("member-" + this.members++),
					this.directory.resolve("fleet"));
			Instance instance = Instance.join(StoreDirectory.open(link.resolve("store")), name);
			this.toClose.push(instance);
			return new Member(instance, MetricsWriter.open(instance, 1_000_000, this.problems,
					() -> System.nanoTime() + this.elapsed.get()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Lets writers believe that time has passed, so that they try again what has failed.
	 * @param duration how much later it is for them
	 */
	public void pass(Duration duration) {
		this.elapsed.addAndGet(duration.toNanos());
	}

	/**
	 * The view of an instance that has no metrics of its own, which keeps what it has
	 * read from one collection to the next.
	 * @return a new view
	 */
	public FleetMetrics observer() {
		return viewOf();
	}

	/**
	 * The view of an instance.
	 * @param own its writers
	 * @return a new view
	 */
	public synchronized FleetMetrics viewOf(MetricsWriter... own) {
		FleetMetrics metrics = new FleetMetrics(this.store, Stream.of(own).map(MetricsWriter::ownSegments).toList(),
				this.problems);
		this.toClose.push(metrics);
		return metrics;
	}

	/**
	 * What the fleet shows to an instance that has just started.
	 * @return values by series, see {@link Shown}
	 */
	public SortedMap<String, String> shown() {
		try (FleetMetrics metrics = new FleetMetrics(this.store, List.of(), this.problems)) {
			return Shown.by(metrics);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Folds the ended instances into the archive.
	 * @return the number of instances folded
	 */
	public int fold() {
		try {
			return new Archive(this.store, this.problems, Duration.ofDays(7)).fold();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public Problems problems() {
		return this.problems;
	}

	/**
	 * Warnings so far, in the order in which they came.
	 * @return the warnings
	 */
	public List<String> warnings() {
		return this.warnings;
	}

	/**
	 * All files of the store.
	 * @return the files, in no order
	 */
	public List<Path> files() {
		try (Stream<Path> files = Files.walk(this.store.path())) {
			return files.filter(Files::isRegularFile).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * All metrics files of instances.
	 * @return the files, by name
	 */
	public List<Path> segments() {
		return new ArrayList<>(files().stream()
			.filter((file) -> file.getFileName().toString().startsWith("metrics-"))
			.sorted()
			.toList());
	}

	@Override
	public synchronized void close() {
		for (Closeable closeable : this.toClose) {
			try {
				closeable.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	/**
	 * One instance.
	 */
	public static final class Member {

		private final Instance instance;

		private final MetricsWriter writer;

		private Member(Instance instance, MetricsWriter writer) {
			this.instance = instance;
			this.writer = writer;
		}

		public Instance instance() {
			return this.instance;
		}

		public MetricsWriter writer() {
			return this.writer;
		}

		public Path directory() {
			return this.instance.slot().directory();
		}

		/** Ends without a last word: the kernel drops the lock, the files stay. */
		public void kill() {
			try {
				this.instance.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		/** Ends in good order. */
		public void end() {
			this.writer.close();
			kill();
		}

	}

}
