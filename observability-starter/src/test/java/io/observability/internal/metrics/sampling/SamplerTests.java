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

package io.observability.internal.metrics.sampling;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Sources that hang, and those that throw, hold up no others.
 */
class SamplerTests {

	private final List<TestSource> sources = new ArrayList<>();

	private final AtomicInteger ended = new AtomicInteger();

	private volatile boolean pending;

	private final Sampler sampler = new Sampler(() -> new Round() {

		@Override
		public Collection<TestSource> sources(boolean all) {
			return SamplerTests.this.sources.stream().filter((source) -> all || !source.forReadersOnly).toList();
		}

		@Override
		public boolean isPending() {
			return SamplerTests.this.pending;
		}

		@Override
		public void end(boolean scrape) {
			SamplerTests.this.ended.incrementAndGet();
		}

	});

	private final BackgroundSampling background = sampling(Duration.ofNanos(1), () -> true, Duration.ofMillis(100));

	/** Threads of other tests in this process, which end some seconds after their use. */
	private final Set<Thread> threadsBefore = samplingThreads();

	private BackgroundSampling sampling(Duration interval, BooleanSupplier read, Duration patience) {
		return new BackgroundSampling(List.of(this.sampler), interval, read, patience.toNanos(),
				BackgroundSampling::thread);
	}

	/** Makes a pass, and waits for its end. */
	private static long pass(BackgroundSampling background) throws Exception {
		long pause = background.run();
		background.endPass();
		return pause;
	}

	private TestSource source() {
		TestSource source = new TestSource();
		this.sources.add(source);
		return source;
	}

	@AfterEach
	void letAllGo() {
		this.sources.forEach((source) -> source.hang.countDown());
	}

	@Test
	void scrapesShareASourceThatIsSlowAndAskAllOthersThemselves() throws Exception {
		TestSource before = source();
		TestSource slow = source().hanging();
		TestSource after = source();
		List<Thread> scrapes = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			Thread scrape = new Thread(this.sampler::sample);
			scrape.start();
			scrapes.add(scrape);
			int asked = i + 1;
			Awaitility.await().until(() -> before.asked.get() == asked);
		}
		Awaitility.await().until(() -> after.asked.get() == 2);
		assertThat(slow.asked).hasValue(1);
		assertThat(scrapes).allMatch(Thread::isAlive);
		assertThat(this.ended).hasValue(0);
		slow.hang.countDown();
		for (Thread scrape : scrapes) {
			scrape.join();
		}
		assertThat(slow.asked).hasValue(1);
		assertThat(after.asked).hasValue(3);
	}

	@Test
	void passInTheBackgroundLeavesOutWhatHangs() throws Exception {
		TestSource slow = source().hanging();
		TestSource other = source();
		pass(this.background);
		assertThat(other.asked).hasValue(0);
		pass(this.background);
		pass(this.background);
		assertThat(other.asked).hasValue(2);
		assertThat(slow.asked).hasValue(1);
		slow.hang.countDown();
		Awaitility.await().until(() -> {
			pass(this.background);
			return slow.asked.get() > 1;
		});
	}

	@Test
	void passThatWasAbandonedAsksNothingMore() throws Exception {
		TestSource slow = source().hanging();
		TestSource other = source();
		pass(this.background);
		slow.hang.countDown();
		Awaitility.await().until(() -> threads() == 0);
		assertThat(other.asked).hasValue(0);
	}

	@Test
	void passInTheBackgroundGoesOnWhereTheLastOneWasAbandoned() throws Exception {
		List<TestSource> slow = List.of(source(), source(), source());
		for (int round = 1; round <= 2; round++) {
			for (TestSource next : slow) {
				slow.forEach(TestSource::hanging);
				pass(this.background);
				slow.forEach((source) -> source.hang.countDown());
				Awaitility.await().until(() -> threads() == 0);
				assertThat(next.asked).hasValue(round);
			}
			assertThat(slow).extracting((source) -> source.asked.get()).containsOnly(round);
		}
	}

	@Test
	void sourcesOfOtherSamplersAreNotHeldUpForGood() throws Exception {
		TestSource slow = source();
		TestSource other = new TestSource();
		Sampler otherSampler = new Sampler(() -> new Round() {

			@Override
			public Collection<TestSource> sources(boolean all) {
				return List.of(other);
			}

			@Override
			public void end(boolean scrape) {
			}

		});
		BackgroundSampling both = new BackgroundSampling(List.of(this.sampler, otherSampler), Duration.ofNanos(1),
				() -> true, Duration.ofMillis(100).toNanos(), BackgroundSampling::thread);
		for (int i = 0; i < 2; i++) {
			slow.hanging();
			pass(both);
			slow.hang.countDown();
			Awaitility.await().until(() -> threads() == 0);
		}
		assertThat(other.asked).hasValue(1);
		assertThat(slow.asked).hasValue(2);
	}

	@Test
	void sourceBehindOneThatHangsIsAskedOncePerInterval() throws Exception {
		source().hanging();
		TestSource other = source();
		BackgroundSampling hourly = sampling(Duration.ofHours(1), () -> true, Duration.ofMillis(100));
		for (int i = 0; i < 3; i++) {
			pass(hourly);
		}
		assertThat(other.asked).hasValue(1);
	}

	@Test
	void lastPassAsksAllSources() throws Exception {
		TestSource first = source();
		TestSource slow = source().hanging();
		TestSource last = source();
		pass(this.background);
		slow.hang.countDown();
		BackgroundSampling.last(this.sampler);
		assertThat(first.asked).hasValue(2);
		assertThat(last.asked).hasValue(1);
	}

	@Test
	void threadsThatHangAreFew() throws Exception {
		for (int i = 0; i < 8; i++) {
			TestSource source = source().hanging();
			pass(this.background);
			Awaitility.await().until(() -> source.asked.get() == 1);
		}
		source().hanging();
		assertThatThrownBy(() -> pass(this.background)).isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("threads=8");
		assertThat(threads()).isEqualTo(8);
	}

	private long threads() {
		return samplingThreads().stream().filter((thread) -> !this.threadsBefore.contains(thread)).count();
	}

	private static Set<Thread> samplingThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("observability-sampling"))
			.collect(Collectors.toSet());
	}

	@Test
	void threadThatStartsLateIsWaitedFor() throws Exception {
		TestSource first = source();
		TestSource second = source();
		Duration patience = Duration.ofMillis(300);
		BackgroundSampling busyMachine = new BackgroundSampling(List.of(this.sampler), Duration.ofNanos(1), () -> true,
				patience.toNanos(), (passes) -> BackgroundSampling.thread(() -> {
					LockSupport.parkNanos(2 * patience.toNanos());
					passes.run();
				}));
		pass(busyMachine);
		assertThat(first.asked).hasValue(1);
		assertThat(second.asked).hasValue(1);
		assertThat(this.ended).hasValue(1);
	}

	@Test
	void errorStopsNoOtherSourceAndIsThrownInTheBackground() throws Exception {
		source().error = new StackOverflowError();
		TestSource other = source();
		assertThatThrownBy(() -> pass(this.background)).isInstanceOf(StackOverflowError.class);
		assertThat(other.asked).hasValue(1);
		this.sources.get(0).error = new NoClassDefFoundError();
		this.sampler.sample();
		assertThat(other.asked).hasValue(2);
		this.sources.get(0).error = null;
		assertThatThrownBy(() -> pass(this.background)).isInstanceOf(NoClassDefFoundError.class);
		pass(this.background);
	}

	@Test
	void nothingIsAskedInTheBackgroundWhileScrapesDo() throws Exception {
		TestSource source = source();
		BackgroundSampling hourly = sampling(Duration.ofHours(1), () -> true, Duration.ofSeconds(1));
		this.sampler.sample();
		long pause = hourly.run();
		assertThat(source.asked).hasValue(1);
		assertThat(pause).isPositive().isLessThan(Duration.ofHours(1).toNanos());
		// Nothing was tried since.
		assertThat(hourly.run()).isNegative();
	}

	@Test
	void whatIsForReadersOnlyIsNotAskedWhileThereAreNone() throws Exception {
		TestSource total = source();
		TestSource current = source();
		current.forReadersOnly = true;
		AtomicBoolean read = new AtomicBoolean();
		BackgroundSampling background = sampling(Duration.ofNanos(1), read::get, Duration.ofSeconds(10));
		pass(background);
		assertThat(total.asked).hasValue(1);
		assertThat(current.asked).hasValue(0);
		assertThat(this.ended).as("not a whole pass").hasValue(0);
		this.pending = true;
		pass(background);
		assertThat(current.asked).as("something waits for a whole pass").hasValue(1);
		assertThat(this.ended).hasValue(1);
		this.pending = false;
		pass(background);
		assertThat(current.asked).hasValue(1);
		read.set(true);
		pass(background);
		assertThat(current.asked).hasValue(2);
		assertThat(total.asked).hasValue(4);
	}

	@Test
	void readerThatReturnsDoesNotWaitForTheIntervalToPass() throws Exception {
		TestSource current = source();
		current.forReadersOnly = true;
		AtomicBoolean read = new AtomicBoolean();
		BackgroundSampling hourly = sampling(Duration.ofHours(1), read::get, Duration.ofSeconds(10));
		pass(hourly);
		read.set(true);
		pass(hourly);
		assertThat(current.asked).hasValue(1);
	}

	@Test
	void passesThatFollowEachOtherAreMadeByOneThread() throws Exception {
		TestSource source = source();
		BackgroundSampling often = sampling(Duration.ofSeconds(1), () -> true, Duration.ofSeconds(10));
		Awaitility.await().until(() -> {
			pass(often);
			return source.asked.get() == 3;
		});
		assertThat(source.askedBy).hasSize(1);
		Awaitility.await().until(() -> threads() == 0);
	}

	@Test
	void sourceMaySampleItself() {
		TestSource source = source();
		source.nested = this.sampler;
		this.sampler.sample();
		assertThat(source.asked).hasValue(1);
	}

	private static final class TestSource extends Source {

		private final AtomicInteger asked = new AtomicInteger();

		private volatile CountDownLatch hang = new CountDownLatch(0);

		private volatile @Nullable Error error;

		private @Nullable Sampler nested;

		private volatile boolean forReadersOnly;

		private final Set<Thread> askedBy = ConcurrentHashMap.newKeySet();

		TestSource hanging() {
			this.hang = new CountDownLatch(1);
			return this;
		}

		@Override
		protected void ask() {
			this.asked.incrementAndGet();
			this.askedBy.add(Thread.currentThread());
			try {
				assertThat(this.hang.await(1, TimeUnit.MINUTES)).isTrue();
			}
			catch (InterruptedException ex) {
				throw new AssertionError(ex);
			}
			Error error = this.error;
			if (error != null) {
				throw error;
			}
			if (this.nested != null) {
				this.nested.sample();
			}
		}

	}

}
