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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class SupervisorTests {

	private static final String THREAD = "observability-test";

	private static final long OFTEN = TimeUnit.MILLISECONDS.toNanos(1);

	private static final long NEVER = TimeUnit.DAYS.toNanos(1);

	private static final AtomicInteger NEXT = new AtomicInteger();

	private final Supervisor supervisor = Supervisor.ofThisProcess();

	private final List<Task> tasks = new ArrayList<>();

	private final RecordingListener listener = new RecordingListener();

	private final String name = "test-" + NEXT.getAndIncrement();

	@AfterEach
	void closeTasks() {
		this.tasks.forEach((task) -> task.close(TimeUnit.SECONDS.toNanos(10)));
		Awaitility.await().until(() -> threads().isEmpty());
	}

	static List<Throwable> anyThrowable() {
		return List.of(new OutOfMemoryError("planted"), new NoClassDefFoundError("planted"), new StackOverflowError(),
				new InternalError("planted"), new IllegalStateException("planted"), new Exception("planted"),
				new AssertionError("planted"));
	}

	@ParameterizedTest
	@MethodSource("anyThrowable")
	void taskThatFailsOnceGoesOnAndIsReportedOnce(Throwable failure) {
		AtomicBoolean planted = new AtomicBoolean(true);
		AtomicInteger runs = new AtomicInteger();
		start(() -> {
			if (planted.getAndSet(false)) {
				throw sneaky(failure);
			}
			runs.incrementAndGet();
			return OFTEN;
		});
		Awaitility.await().until(() -> runs.get() > 10);
		assertThat(this.listener.failures).containsExactly(failure);
		assertThat(this.listener.recoveries).hasValue(1);
		assertThat(this.supervisor.failures().count(this.name)).isOne();
		assertThat(this.supervisor.failures().current()).doesNotContainKey(this.name);
	}

	@Test
	void failuresOfOneKindAreReportedOnceAndAllAreCountedAndShownWhileTheyLast() {
		AtomicBoolean failing = new AtomicBoolean(true);
		start(() -> {
			if (failing.get()) {
				throw new IllegalStateException("planted");
			}
			return OFTEN;
		});
		Awaitility.await().until(() -> this.supervisor.failures().count(this.name) >= 3);
		assertThat(this.listener.failures).hasSize(1);
		assertThat(this.supervisor.failures().current()).containsKey(this.name);
		failing.set(false);
		Awaitility.await().until(() -> this.listener.recoveries.get() == 1);
		assertThat(this.supervisor.failures().current()).doesNotContainKey(this.name);
	}

	@Test
	void failuresOfTwoKindsAreBothReported() {
		AtomicInteger runs = new AtomicInteger();
		start(() -> {
			throw sneaky((runs.getAndIncrement() % 2 == 0) ? new IllegalStateException() : new StackOverflowError());
		});
		Awaitility.await().until(() -> runs.get() >= 4);
		assertThat(this.listener.failures).hasSize(2)
			.hasAtLeastOneElementOfType(IllegalStateException.class)
			.hasAtLeastOneElementOfType(StackOverflowError.class);
	}

	@Test
	void listenerThatFailsStopsNothing() {
		AtomicInteger runs = new AtomicInteger();
		this.tasks.add(this.supervisor.start(THREAD, this.name, Duration.ZERO, () -> {
			if (runs.getAndIncrement() == 0) {
				throw new IllegalStateException("planted");
			}
			return OFTEN;
		}, (task, cause) -> {
			throw new OutOfMemoryError("planted");
		}));
		Awaitility.await().until(() -> runs.get() > 10);
	}

	/** Without memory or descriptors, not even the report of that is possible. */
	@Test
	void failureWhoseReportFailsIsReportedWithTheNextOne() {
		AtomicInteger attempts = new AtomicInteger();
		this.tasks.add(this.supervisor.start(THREAD, this.name, Duration.ZERO, () -> {
			throw new IllegalStateException("planted");
		}, (task, cause) -> {
			if (attempts.getAndIncrement() == 0) {
				throw new NoClassDefFoundError("planted");
			}
		}));
		Awaitility.await().until(() -> this.supervisor.failures().count(this.name) >= 4);
		assertThat(attempts).hasValue(2);
	}

	@Test
	void taskThatFailsDoesNotHoldUpTheOthersOfItsThread() {
		AtomicInteger runs = new AtomicInteger();
		start(() -> {
			throw new OutOfMemoryError("planted");
		});
		start(() -> {
			runs.incrementAndGet();
			return OFTEN;
		});
		Awaitility.await().until(() -> runs.get() > 100);
	}

	@Test
	void busyTaskDoesNotStarveOneThatIsWoken() {
		AtomicInteger runs = new AtomicInteger();
		start(() -> 0);
		Task woken = start(() -> {
			runs.incrementAndGet();
			return NEVER;
		});
		Awaitility.await().until(() -> {
			woken.wake();
			return runs.get() > 10;
		});
	}

	@Test
	void workThatIsDueSoonMayRunWhenTheThreadIsAwakeAnyway() {
		AtomicInteger runs = new AtomicInteger();
		Task task = start(() -> {
			runs.incrementAndGet();
			return NEVER;
		});
		Awaitility.await().until(() -> runs.get() == 1 && !task.mayRun(System.nanoTime()));
		assertThat(task.mayRun(System.nanoTime() + NEVER / 2)).isFalse();
		assertThat(task.mayRun(System.nanoTime() + NEVER / 10 * 8)).isTrue();
		assertThat(task.delay(System.nanoTime() + NEVER / 10 * 8)).isPositive();
	}

	@Test
	void workThatIsWokenWhileItRunsRunsAgain() throws Exception {
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		AtomicInteger runs = new AtomicInteger();
		Task task = start(() -> {
			started.countDown();
			goOn.await();
			runs.incrementAndGet();
			return NEVER;
		});
		started.await();
		task.wake();
		goOn.countDown();
		Awaitility.await().until(() -> runs.get() == 2);
	}

	@Test
	void threadThatNeedsTheWorkDoesItWhenTheTasksThreadIsBusy() throws Exception {
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		List<Thread> ranOn = new CopyOnWriteArrayList<>();
		start(() -> {
			started.countDown();
			goOn.await();
			return NEVER;
		});
		started.await();
		Task task = start(() -> {
			ranOn.add(Thread.currentThread());
			return NEVER;
		});
		Awaitility.await().until(() -> {
			task.help();
			return !ranOn.isEmpty();
		});
		assertThat(ranOn).doesNotContainAnyElementsOf(threads());
		goOn.countDown();
	}

	@Test
	void failureThatTheWorkGotOverIsCountedAndReportedAndShownUntilARunWithout() {
		AtomicInteger runs = new AtomicInteger();
		AtomicBoolean failing = new AtomicBoolean(true);
		CompletableFuture<Task> started = new CompletableFuture<>();
		Task task = start(() -> {
			if (failing.get()) {
				started.join().onFailureInWork(new IllegalStateException("planted"));
			}
			runs.incrementAndGet();
			return NEVER;
		});
		started.complete(task);
		Awaitility.await().until(() -> runs.get() == 1);
		assertThat(this.listener.failures).hasSize(1);
		assertThat(this.supervisor.failures().current()).containsKey(this.name);
		failing.set(false);
		task.wake();
		Awaitility.await().until(() -> !this.supervisor.failures().current().containsKey(this.name));
		assertThat(this.supervisor.failures().count(this.name)).isOne();
	}

	@Test
	void closedTaskDoesNotRunAnyMoreAndLetsItsThreadEnd() {
		AtomicInteger runs = new AtomicInteger();
		Task task = start(() -> {
			runs.incrementAndGet();
			return 0;
		});
		Awaitility.await().until(() -> runs.get() > 0);
		assertThat(task.close(TimeUnit.SECONDS.toNanos(10))).isTrue();
		int then = runs.get();
		assertThat(threads()).isEmpty();
		assertThat(runs).hasValue(then);
	}

	@Test
	void closingDoesNotWaitForEverForWorkThatHangs() throws Exception {
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		Task task = start(() -> {
			started.countDown();
			goOn.await();
			return NEVER;
		});
		started.await();
		assertThat(task.close(TimeUnit.MILLISECONDS.toNanos(20))).isFalse();
		goOn.countDown();
		assertThat(task.close(TimeUnit.SECONDS.toNanos(10))).isTrue();
	}

	@Test
	void closedInAnInterruptedThreadWaitsAllTheSame() throws Exception {
		CountDownLatch started = new CountDownLatch(1);
		Task task = start(() -> {
			started.countDown();
			return OFTEN;
		});
		started.await();
		Thread.currentThread().interrupt();
		assertThat(task.close(TimeUnit.SECONDS.toNanos(10))).isTrue();
		assertThat(Thread.interrupted()).isTrue();
	}

	private Task start(Work work) {
		Task task = this.supervisor.start(THREAD, this.name, Duration.ZERO, work, this.listener);
		this.tasks.add(task);
		return task;
	}

	private static List<Thread> threads() {
		Set<Thread> all = Thread.getAllStackTraces().keySet();
		return all.stream().filter((thread) -> thread.getName().equals(THREAD)).toList();
	}

	@SuppressWarnings({ "unchecked", "TypeParameterUnusedInFormals" })
	private static <E extends Throwable> RuntimeException sneaky(Throwable failure) throws E {
		throw (E) failure;
	}

	private static final class RecordingListener implements TaskListener {

		private final List<Throwable> failures = new CopyOnWriteArrayList<>();

		private final AtomicInteger recoveries = new AtomicInteger();

		@Override
		public void onFailure(String task, Throwable cause) {
			this.failures.add(cause);
		}

		@Override
		public void onRecovery(String task) {
			this.recoveries.incrementAndGet();
		}

	}

}
