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
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.observability.FullPolicy;
import io.observability.internal.instance.Instance;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.CheckpointFile.Content;
import io.observability.internal.log.queue.LogQueue;
import io.observability.internal.log.queue.UnreadableFiles;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Receivers have positions of their own, in terms that follow each other. */
class DeliveryTermTests {

	private static final int SIZE = 1000;

	@TempDir
	private Path directory;

	private StoreDirectory fleet;

	private StoreDirectory store;

	private Instance instance;

	private LogQueue queue;

	private int appended;

	private int terms;

	@BeforeEach
	void open() throws IOException {
		this.fleet = StoreDirectory.open(this.directory.resolve("store"));
		this.store = this.fleet.openSinks();
		this.instance = Instance.join(this.store, null);
		this.queue = LogQueue.open(this.instance, 2 * LogQueue.MIN_BACKLOG, FullPolicy.DROP,
				CheckpointProgress.in(this.store), (task, cause) -> {
				});
	}

	@AfterEach
	void close() throws IOException {
		this.queue.close();
		this.instance.close();
	}

	@Test
	void aReceiverThatFailsHoldsUpNoOtherAndCatchesUp() throws IOException {
		Numbers good = new Numbers("good");
		Numbers down = new Numbers("down");
		down.failing = true;
		try (DeliveryTerm term = begin(good, down)) {
			append(200);
			await(term, () -> good.received.size() == 200);
			assertThat(down.received).isEmpty();
			await(term, () -> appender("down").failure() != null);
			assertThat(appender("down").failure()).contains("can't be reached");
			assertThat(appender("down").backlog()).isEqualTo(200 * SIZE);
			assertThat(appender("good")).isEqualTo(new FleetLog.AttachedAppender("good", 0, 0, null));
			down.failing = false;
			await(term, () -> down.received.size() == 200);
			assertThat(down.received).isEqualTo(numbers(0, 200));
			await(term, () -> appender("down").equals(new FleetLog.AttachedAppender("down", 0, 0, null)));
		}
	}

	@Test
	void whatExceedsTheBacklogIsMissedAndCounted() throws IOException {
		Numbers good = new Numbers("good");
		Numbers down = new Numbers("far behind");
		down.failing = true;
		int total = 0;
		try (DeliveryTerm term = begin(good, down)) {
			while (total < 6000) {
				total += 200;
				append(200);
				int sum = total;
				await(term, () -> good.received.size() == sum);
			}
			await(term, () -> bytesOnDisk() <= LogQueue.MIN_BACKLOG + LogQueue.MIN_BACKLOG / 4);
			assertThat(good.received).isEqualTo(numbers(0, total));
			down.failing = false;
			int last = total - 1;
			await(term, () -> down.received.contains(last));
			int read = down.received
				.indexOf(down.received.stream().filter((number) -> number > 2000).findFirst().get());
			assertThat(down.received.subList(read, down.received.size()))
				.isEqualTo(numbers(total - (down.received.size() - read), total))
				.hasSizeGreaterThan(700);
			assertThat(down.received.subList(0, read)).isEqualTo(numbers(0, read));
			int missed = total - down.received.size();
			assertThat(missed).isGreaterThan(2000);
			await(term, () -> appender("far behind").backlog() == 0);
			assertThat(appender("far behind").missed()).isEqualTo(missed);
			assertThat(MissedEvents.count("far behind")).isEqualTo(missed);
			assertThat(MissedEvents.count("good")).isZero();
			assertThat(this.queue.takeDropReport()).isNull();
		}
	}

	@Test
	void aSuccessorContinuesEachAtItsPosition() throws IOException {
		Numbers good = new Numbers("good");
		Numbers down = new Numbers("down");
		try (DeliveryTerm term = begin(good, down)) {
			append(100);
			await(term, () -> good.received.size() == 100 && down.received.size() == 100);
			await(term, () -> appender("down").backlog() == 0 && appender("good").backlog() == 0);
			down.failing = true;
			append(100);
			await(term, () -> good.received.size() == 200 && appender("good").backlog() == 0);
			await(term, () -> appender("down").failure() != null);
			term.collect();
		}
		Numbers goodNow = new Numbers("good");
		Numbers downNow = new Numbers("down");
		Numbers other = new Numbers("new");
		try (DeliveryTerm term = begin(goodNow, downNow, other)) {
			append(50);
			await(term, () -> goodNow.received.size() == 50 && downNow.received.size() == 150);
			await(term, () -> other.received.size() == 50);
			assertThat(goodNow.received).isEqualTo(numbers(200, 250));
			assertThat(downNow.received).isEqualTo(numbers(100, 250));
			assertThat(other.received).isEqualTo(numbers(200, 250));
		}
	}

	@Test
	void aQueueThatIsNewWhileAReceiverFailsIsDeliveredFromItsStart() throws IOException {
		Numbers good = new Numbers("good");
		Numbers down = new Numbers("down");
		down.failing = true;
		try (DeliveryTerm term = begin(good, down)) {
			append(10);
			await(term, () -> appender("down").failure() != null);
			this.queue.close();
			this.queue = LogQueue.open(this.instance, LogQueue.MIN_BACKLOG, FullPolicy.DROP,
					CheckpointProgress.in(this.store), (task, cause) -> {
					});
			append(10);
			await(term, () -> good.received.size() == 20 && appender("good").backlog() == 0);
			term.collect();
		}
		Numbers downNow = new Numbers("down");
		try (DeliveryTerm term = begin(new Numbers("good"), downNow)) {
			await(term, () -> downNow.received.size() == 20);
			assertThat(downNow.received).isEqualTo(numbers(0, 20));
		}
	}

	@Test
	void aPredecessorSavesNothingAnyMore() throws IOException {
		Numbers before = new Numbers("one");
		Numbers after = new Numbers("one");
		try (DeliveryTerm old = begin(before)) {
			old.collect();
			append(10);
			await(old, () -> before.received.size() == 10);
			await(old, () -> appender("one").backlog() == 0);
			try (DeliveryTerm term = begin(after)) {
				term.collect();
				assertThatExceptionOfType(TermEndedException.class).isThrownBy(old::collect);
				append(10);
				await(term, () -> after.received.size() == 10);
				assertThat(after.received).isEqualTo(numbers(10, 20));
				assertThatExceptionOfType(TermEndedException.class).isThrownBy(old::collect);
			}
		}
	}

	@Test
	void onlyReceiversThatTakeEventsAreWaitedFor() throws IOException {
		Numbers good = new Numbers("good");
		Numbers down = new Numbers("down");
		down.failing = true;
		try (DeliveryTerm term = begin(good, down)) {
			append(10);
			await(term, () -> appender("down").failure() != null);
			this.queue.close();
			await(term, () -> term.isTaken(this.queue.sequence()));
			assertThat(good.received).hasSize(10);
			assertThat(this.queue.isCollected()).isFalse();
			down.failing = false;
			await(term, this.queue::isCollected);
			assertThat(down.received).hasSize(10);
		}
	}

	@Test
	void aTermEndsInWhichNoReceiverTakesEvents() throws IOException {
		Numbers good = new Numbers("good");
		Numbers down = new Numbers("down");
		down.failing = true;
		try (DeliveryTerm term = begin(Duration.ofMillis(500), good, down)) {
			append(10);
			await(term, () -> appender("down").failure() != null);
			good.failing = true;
			append(10);
			assertThatExceptionOfType(NoProgressException.class).isThrownBy(() -> await(term, () -> false));
		}
	}

	@Test
	void eventsThatFailAloneHoldUpNoOther() throws IOException {
		Numbers picky = new Numbers("picky");
		picky.refused = (number) -> number % 2 == 0;
		try (DeliveryTerm term = begin(picky)) {
			append(400);
			await(term, () -> picky.received.size() == 200);
			assertThat(picky.received).isEqualTo(numbers(0, 400).stream().filter((number) -> number % 2 == 1).toList());
			assertThat(picky.skipped).hasValue(200);
			await(term, () -> appender("picky").equals(new FleetLog.AttachedAppender("picky", 0, 0, null)));
		}
	}

	@Test
	void eventsThatFailAloneInARowHoldUpNoOther() throws IOException {
		Numbers picky = new Numbers("picky");
		picky.refused = (number) -> number < 800;
		try (DeliveryTerm term = begin(picky)) {
			append(810);
			await(term, () -> picky.received.size() == 10);
			assertThat(picky.received).isEqualTo(numbers(800, 810));
			assertThat(picky.skipped).hasValue(800);
		}
	}

	@Test
	void aReceiverThatRefusesAllForATimeMissesNothing() throws IOException {
		Numbers down = new Numbers("down");
		down.refused = (number) -> true;
		try (DeliveryTerm term = begin(down)) {
			append(300);
			await(term, () -> down.refusals.get() > 100);
			int refusals = down.refusals.get();
			// It recovers while events behind the first one are tried.
			down.refused = (number) -> down.refusals.get() < refusals + 20;
			await(term, () -> appender("down").equals(new FleetLog.AttachedAppender("down", 0, 0, null)));
			assertThat(down.skipped).hasValue(0);
			assertThat(down.lastReceived()).isEqualTo(numbers(0, 300));
			assertThat(down.received).hasSizeLessThanOrEqualTo(301);
		}
	}

	@Test
	void aReceiverIsWaitedForWhileItTakesAnEvent() throws IOException {
		Numbers slow = new Numbers("slow");
		CountDownLatch called = new CountDownLatch(1);
		CountDownLatch returns = new CountDownLatch(1);
		slow.refused = (number) -> {
			called.countDown();
			returns.await();
			return false;
		};
		try (DeliveryTerm term = begin(slow)) {
			append(1);
			await(term, () -> called.getCount() == 0);
			LockSupport.parkNanos(Duration.ofMillis(1200).toNanos());
			this.queue.close();
			assertThat(term.isTaken(this.queue.sequence())).isFalse();
			returns.countDown();
			await(term, () -> term.isTaken(this.queue.sequence()));
			assertThat(slow.received).hasSize(1);
		}
	}

	private DeliveryTerm begin(Numbers... receivers) throws IOException {
		return begin(Duration.ofMinutes(1), receivers);
	}

	private DeliveryTerm begin(Duration patience, Numbers... receivers) throws IOException {
		this.terms++;
		TermOwner owner = new TermOwner("000000000000000" + this.terms, this.directory.resolve("term-" + this.terms),
				Content.NONE, CollectorBuffers.withoutBatch(), UnreadableFiles.IGNORED, false);
		return DeliveryTerm.begin(this.store, owner,
				new DeliverySettings(List.of(receivers), Duration.ZERO, LogQueue.MIN_BACKLOG), patience);
	}

	private FleetLog.AttachedAppender appender(String name) {
		return FleetLog.of(this.fleet)
			.appenders()
			.stream()
			.filter((appender) -> appender.name().equals(name))
			.findFirst()
			.orElse(new FleetLog.AttachedAppender(name, -1, -1, null));
	}

	private long bytesOnDisk() throws IOException {
		try (Stream<Path> files = Files.list(this.instance.slot().directory())) {
			return files.filter((file) -> file.toString().endsWith(".seg"))
				.mapToLong((file) -> file.toFile().length())
				.sum();
		}
	}

	private void append(int count) {
		for (int i = 0; i < count; i++) {
			byte[] event = new byte[SIZE];
			ByteBuffer.wrap(event).putInt(this.appended++);
			assertThat(this.queue.append(Level.INFO, this.appended, event, SIZE)).isTrue();
		}
	}

	private static List<Integer> numbers(int from, int to) {
		return IntStream.range(from, to).boxed().toList();
	}

	private static void await(DeliveryTerm term, java.util.concurrent.Callable<Boolean> condition) {
		Awaitility.await().pollInterval(Duration.ofMillis(2)).until(() -> {
			term.collect();
			return condition.call();
		});
	}

	/** Receives numbered events. */
	private static final class Numbers implements EventReceiver {

		private final String name;

		private final List<Integer> received = new CopyOnWriteArrayList<>();

		private final AtomicInteger refusals = new AtomicInteger();

		private final AtomicInteger skipped = new AtomicInteger();

		private volatile boolean failing;

		private volatile Refusal refused = (number) -> false;

		Numbers(String name) {
			this.name = name;
		}

		@Override
		public String name() {
			return this.name;
		}

		@Override
		public void deliver(ByteBuffer event) throws Exception {
			if (this.failing) {
				throw new ConnectException("can't be reached");
			}
			int number = event.getInt();
			if (this.refused.test(number)) {
				this.refusals.incrementAndGet();
				throw new IllegalStateException("refused: number=" + number);
			}
			this.received.add(number);
		}

		/** Without what was received again later. */
		List<Integer> lastReceived() {
			Set<Integer> numbers = new LinkedHashSet<>();
			for (Integer number : this.received) {
				numbers.remove(number);
				numbers.add(number);
			}
			return List.copyOf(numbers);
		}

		@Override
		public boolean isOfTarget(Throwable failure) {
			return failure instanceof IOException;
		}

		@Override
		public void onUndeliverable(int length, Throwable failure) {
			this.skipped.incrementAndGet();
		}

		@Override
		public void onMissed(long count) {
		}

		@Override
		public void onFailure(Throwable failure) {
		}

		@Override
		public void onRecovery() {
		}

	}

	/** Which events a receiver does not take. */
	@FunctionalInterface
	private interface Refusal {

		boolean test(int number) throws InterruptedException;

	}

}
