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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.observability.internal.instance.Slot;
import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.memory.Region;
import io.observability.internal.segment.SegmentKind;
import io.observability.internal.segment.SegmentSequence;
import io.observability.internal.segment.SequenceId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

class ClaimTests {

	private static final ReadBuffer BUFFER = new ReadBuffer(QueueReader.BUFFER_SIZE);

	private static final byte[] TEXT = "text".getBytes(StandardCharsets.UTF_8);

	@TempDir
	private Path directory;

	private final DroppedEvents dropped = new DroppedEvents("0123456789abcdef");

	private final Claims claims = new Claims(this.dropped);

	private SegmentSequence sequence;

	private Region region;

	private Segment segment;

	@BeforeEach
	void createSegment() throws IOException {
		this.sequence = new SegmentSequence(new Slot(0, this.directory), SegmentKind.LOG,
				new SequenceId("0123456789abcdef", 0));
		this.region = Region.create(this.sequence.segmentFile(0), 4096);
		this.segment = Segment.format(this.region, this.sequence, 0);
	}

	@Test
	void claimThatIsLeftOpenIsFinishedByTheNextAppend() throws IOException {
		Claim claim = leaveOpen();
		claim.begun++;
		claim.finishLeftOver(this.dropped);
		assertThat(this.segment.isSettled()).isTrue();
		assertThat(this.segment.append(claim, Level.INFO, 1, TEXT, TEXT.length)).isTrue();
		assertThat(read()).containsExactly("text");
	}

	@Test
	void claimThatIsLeftOpenIsFinishedByTheSupply() throws IOException {
		leaveOpen();
		assertThat(this.segment.isSettled()).isFalse();
		this.claims.finishAbandoned();
		assertThat(this.segment.isSettled()).isTrue();
		assertThat(read()).isEmpty();
	}

	@Test
	void eachClaimThatIsLeftOpenIsFinished() {
		for (int i = 0; i < 3; i++) {
			this.claims.finishAbandoned();
			leaveOpen();
			this.claims.finishAbandoned();
			assertThat(this.segment.isSettled()).isTrue();
		}
	}

	@Test
	void supplyLeavesAloneTheClaimOfAThreadThatAppends() {
		Claim claim = this.claims.ofThisThread();
		claim.begun++;
		failWithin(claim, this.segment);
		this.claims.finishAbandoned();
		assertThat(this.segment.isSettled()).isFalse();
		claim.ended = claim.begun;
		this.claims.finishAbandoned();
		assertThat(this.segment.isSettled()).isTrue();
	}

	@Test
	void supplyLeavesAloneTheClaimOfAThreadThatAppendsAgain() {
		Claim claim = leaveOpen();
		claim.begun++;
		this.claims.finishAbandoned();
		assertThat(this.segment.isSettled()).isFalse();
	}

	@Test
	void claimOfATerminatedThreadIsFinished() throws InterruptedException {
		Thread thread = new Thread(() -> {
			Claim claim = this.claims.ofThisThread();
			claim.begun++;
			failWithin(claim, this.segment);
		});
		thread.start();
		thread.join();
		assertThat(this.segment.isSettled()).isFalse();
		this.claims.finishAbandoned();
		assertThat(this.segment.isSettled()).isTrue();
	}

	@Test
	void recordThatHasBeenPublishedStaysWhatItIs() throws IOException {
		Claim claim = this.claims.ofThisThread();
		assertThat(this.segment.append(claim, Level.INFO, 1, TEXT, TEXT.length)).isTrue();
		claim.segment = this.segment;
		this.claims.finishAbandoned();
		assertThat(claim.segment).isNull();
		assertThat(read()).containsExactly("text");
	}

	@Test
	void claimInMemoryThatIsUsedAgainIsAnotherThreads() throws IOException {
		Claim claim = leaveOpen();
		Segment collected = this.segment;
		this.claims.removeFrom(collected);
		Segment reused = Segment.format(this.region, this.sequence, 7);
		failWithin(new Claim(new Thread()), reused);
		claim.finishLeftOver(this.dropped);
		assertThat(reused.isSettled()).isFalse();
	}

	@Test
	void lostEventsAreCountedOnce() {
		Claim claim = this.claims.ofThisThread();
		claim.onLost(LevelCode.of(Level.ERROR));
		claim.onLost(LevelCode.of(Level.ERROR));
		this.claims.finishAbandoned();
		claim.onLost(LevelCode.of(Level.TRACE));
		claim.finishLeftOver(this.dropped);
		this.claims.finishAbandoned();
		assertThat(this.dropped.counts()).containsExactly(1, 0, 0, 0, 2);
	}

	private Claim leaveOpen() {
		Claim claim = this.claims.ofThisThread();
		claim.begun++;
		failWithin(claim, this.segment);
		claim.ended = claim.begun;
		return claim;
	}

	/** The record can't be published without a level. */
	private static void failWithin(Claim claim, Segment segment) {
		assertThatNullPointerException().isThrownBy(() -> segment.append(claim, null, 1, TEXT, TEXT.length));
	}

	private List<String> read() throws IOException {
		List<String> texts = new ArrayList<>();
		try (QueueReader reader = new QueueReader(this.sequence, Position.startOf(0), BUFFER,
				UnreadableFiles.IGNORED)) {
			while (reader.hasRecord()) {
				ByteBuffer text = ByteBuffer.allocate(reader.textLength());
				reader.take(text);
				texts.add(new String(text.array(), StandardCharsets.UTF_8));
			}
		}
		return texts;
	}

}
