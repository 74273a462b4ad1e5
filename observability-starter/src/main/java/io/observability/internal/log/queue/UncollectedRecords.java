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

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The records of a closed queue that are not in the log, after another program has
 * deleted the queue's files. They are still in its memory.
 *
 * <p>
 * Protocol. The collector's last batch from the deleted files may still be on its way
 * into the log. So the marks of the segments are read while the log file is locked: what
 * the collector writes after that has no records of files that are gone. Where there is
 * no such lock, the records behind the marks are taken for uncollected when the marks
 * have not changed for a while. They are moved to the next queue in order. If the files
 * of that one are deleted as well, it has taken only a part. The others remain here, to
 * be moved to the queue after it, behind those that it has taken.
 */
public final class UncollectedRecords {

	/** A collector that goes on has read another batch after so long. */
	private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

	private static final long QUIET_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	private static final long MAX_QUIET_WAIT_NANOS = TimeUnit.SECONDS.toNanos(2);

	private final List<Segment> segments;

	/** The segment that is moved next. */
	private int next;

	/** Where its first record is. */
	private int offset;

	private UncollectedRecords(List<Segment> segments, int next, int offset) {
		this.segments = segments;
		this.next = next;
		this.offset = offset;
	}

	static UncollectedRecords of(List<Segment> segments, boolean undisturbed) {
		List<Integer> collected = undisturbed ? collected(segments) : awaitCollected(segments);
		int first = segments.size() - 1;
		while (first > 0 && collected.get(first) == 0) {
			first--;
		}
		return new UncollectedRecords(segments, first, Math.max(collected.get(first), LogSegmentLayout.HEADER_SIZE));
	}

	private static List<Integer> awaitCollected(List<Segment> segments) {
		long deadline = System.nanoTime() + MAX_QUIET_WAIT_NANOS;
		long changed = System.nanoTime();
		List<Integer> last = collected(segments);
		while (System.nanoTime() - changed < QUIET_NANOS && System.nanoTime() < deadline) {
			LockSupport.parkNanos(QUIET_TICK_NANOS);
			List<Integer> now = collected(segments);
			if (!now.equals(last)) {
				changed = System.nanoTime();
				last = now;
			}
		}
		return last;
	}

	private static List<Integer> collected(List<Segment> segments) {
		return segments.stream().map(Segment::collected).toList();
	}

	/**
	 * Returns whether there is none.
	 * @return whether there is nothing to move
	 */
	public boolean isEmpty() {
		int offset = this.offset;
		for (Segment segment : this.segments.subList(this.next, this.segments.size())) {
			if (segment.hasRecordAt(offset)) {
				return false;
			}
			offset = LogSegmentLayout.HEADER_SIZE;
		}
		return true;
	}

	/**
	 * Moves the records to another queue.
	 * @param target the queue
	 * @return whether all were moved; if not, the other queue is lost
	 */
	public boolean moveTo(LogQueue target) {
		while (this.next < this.segments.size()) {
			int reached = this.segments.get(this.next).copyTo(target, this.offset);
			if (reached != Segment.COPIED) {
				this.offset = reached;
				return false;
			}
			this.next++;
			this.offset = LogSegmentLayout.HEADER_SIZE;
		}
		return true;
	}

}
