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

package io.observability.internal.log.queue;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import io.observability.FullPolicy;
import io.observability.internal.instance.Slot;
import io.observability.internal.memory.Region;
import io.observability.internal.segment.SegmentKind;
import io.observability.internal.segment.SegmentSequence;
import io.observability.internal.segment.SequenceId;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(30)
class SegmentHandOverTests {

	private static final int SIZE = 4096;

	private static final Duration LONG = Duration.ofDays(1);

	private static final Duration SHORT = Duration.ofMillis(100);

	@TempDir
	private Path directory;

	private SegmentSequence sequence;

	private Segment first;

	private Segment second;

	@BeforeEach
	void createSegments() throws IOException {
		this.sequence = new SegmentSequence(new Slot(0, this.directory), SegmentKind.LOG,
				new SequenceId("0123456789abcdef", 0));
		this.first = segment(0);
		this.second = segment(1);
	}

	@Test
	void waitEndsWhenTheQueueIsNotServed() {
		SegmentHandOver handOver = full(SHORT, LONG);
		assertThat(successor(handOver, Duration.ZERO)).isNull();
	}

	@Test
	void noWriterWaitsAfterOneHasWaitedInVain() {
		SegmentHandOver handOver = full(SHORT, LONG);
		successor(handOver, Duration.ZERO);
		assertThat(successor(handOver, LONG)).isNull();
	}

	@Test
	void noWriterWaitsAfterOneHasWaitedInVainForASegmentThatHasRoom() {
		SegmentHandOver handOver = withRoom(FullPolicy.BLOCK, SHORT, LONG);
		successor(handOver, Duration.ZERO);
		assertThat(successor(handOver, LONG)).isNull();
	}

	@Test
	void waitGoesOnWhileTheQueueIsServed() throws Exception {
		Duration whole = Duration.ofMillis(600);
		SegmentHandOver handOver = full(Duration.ofMillis(200), whole);
		AtomicBoolean ended = new AtomicBoolean();
		Thread collector = new Thread(() -> {
			while (!ended.get()) {
				handOver.onProgress();
			}
		});
		collector.start();
		long start = System.nanoTime();
		assertThat(successor(handOver, Duration.ZERO)).isNull();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(whole);
		ended.set(true);
		collector.join();
	}

	@Test
	void waitEndsAfterAWhileWhateverTheCollectorDoes() {
		SegmentHandOver handOver = full(LONG, SHORT);
		assertThat(successor(handOver, Duration.ZERO)).isNull();
	}

	@Test
	void writersWaitAgainOnceASegmentWasMade() throws Exception {
		SegmentHandOver handOver = withRoom(FullPolicy.DROP, LONG, LONG);
		successor(handOver, Duration.ZERO);
		Segment next = segment(2);
		handOver.offer(next);
		successor(handOver, Duration.ZERO);
		CompletableFuture<@Nullable Segment> last = CompletableFuture
			.supplyAsync(() -> handOver.successor(next, SIZE, Level.INFO, System.nanoTime() + LONG.toNanos()));
		Awaitility.await().until(handOver::hasWaitingWriters);
		Segment offered = segment(3);
		handOver.offer(offered);
		assertThat(last.get()).isSameAs(offered);
	}

	@Test
	void dropPolicyWaitsForASegmentThatTakesLongToCreate() throws Exception {
		SegmentHandOver handOver = handOver(100 * SIZE, FullPolicy.DROP, WaitLimits.DEFAULT);
		CompletableFuture<@Nullable Segment> waiting = CompletableFuture
			.supplyAsync(() -> successor(handOver, Duration.ZERO));
		// The time that a busy machine takes to create the file.
		LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
		Segment created = segment(2);
		handOver.offer(created);
		assertThat(waiting.get()).isSameAs(created);
	}

	@Test
	void dropWaitsShortlyForASegmentThatIsBeingMadeAndOnlyOnce() throws IOException {
		SegmentHandOver handOver = withRoom(FullPolicy.DROP, LONG, LONG);
		assertThat(successor(handOver, Duration.ZERO)).isNull();
		assertThat(successor(handOver, LONG)).isNull();
		Segment next = segment(2);
		handOver.offer(next);
		assertThat(successor(handOver, Duration.ZERO)).isSameAs(next);
	}

	/** A start in the future: a writer that waits does so for a long time. */
	private @Nullable Segment successor(SegmentHandOver handOver, Duration start) {
		return handOver.successor(this.second, SIZE, Level.INFO, System.nanoTime() + start.toNanos());
	}

	private SegmentHandOver full(Duration unserved, Duration whole) {
		return handOver(2 * SIZE, FullPolicy.BLOCK, limits(unserved, whole));
	}

	private SegmentHandOver withRoom(FullPolicy whenFull, Duration unserved, Duration whole) {
		return handOver(100 * SIZE, whenFull, limits(unserved, whole));
	}

	private static WaitLimits limits(Duration unserved, Duration whole) {
		return new WaitLimits(unserved.toNanos(), whole.toNanos(), SHORT.toNanos());
	}

	private SegmentHandOver handOver(long maxBacklog, FullPolicy whenFull, WaitLimits limits) {
		Backlog backlog = new Backlog(maxBacklog, SIZE, whenFull);
		backlog.add(this.first);
		backlog.add(this.second);
		return new SegmentHandOver(this.second, SIZE, backlog, whenFull, new DroppedEvents("0123456789abcdef"), limits);
	}

	private Segment segment(int index) throws IOException {
		return Segment.format(Region.create(this.sequence.segmentFile(index), SIZE), this.sequence, index);
	}

}
