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

import java.lang.System.Logger.Level;
import java.lang.invoke.VarHandle;

import org.jspecify.annotations.Nullable;

/**
 * The record that a thread has claimed in a segment and has not published yet.
 *
 * <p>
 * Protocol. A throwable, such as a {@link StackOverflowError}, can leave
 * {@link Segment#append} at each call that it makes after the claim, and each attempt to
 * tidy up may end in the same way. In a living process readers would wait for that record
 * for ever. So the thread notes the claim here, by plain assignments, which can't fail,
 * and it is finished by the first that can: the frame above, the thread's next append, or
 * the {@link SegmentSupply}, for a thread that is in no append. Finishing publishes the
 * record as holding nothing, unless it has been published.
 *
 * <p>
 * Only the owner notes claims and lost events, without the lock and only between
 * {@link #begun} and {@link #ended}. They are finished, counted and removed under the
 * lock, by the owner or by the supply. The supply reads without coordination and looks
 * again whether the owner is still outside: the owner has counted its append before it
 * swaps a word of the segment, and only then notes the claim. An owner that comes back
 * finds what it has left and waits for the lock. Before the supply uses memory again it
 * removes the claims that are noted in it: they have been published, and the owner would
 * take another thread's record for its own.
 */
final class Claim {

	private final Thread owner;

	/** How many appends the owner is in: more than one if a listener logs. */
	int depth;

	/** How many appends the owner has begun, without those within another. */
	int begun;

	/** How many of them it has left. */
	volatile int ended;

	/** Where the record is, or null if none is claimed. */
	@Nullable Segment segment;

	int offset;

	/** The record's length. */
	int length;

	/** Events that were lost to a throwable and are not counted yet, by level. */
	private final int[] lost = new int[LevelCode.COUNT];

	private boolean hasLost;

	Claim(Thread owner) {
		this.owner = owner;
	}

	/** Notes that an event was lost. For the owner, in an append. */
	void onLost(int levelCode) {
		this.lost[levelCode - 1]++;
		this.hasLost = true;
	}

	/**
	 * Finishes what an append of the owner has left. For the owner, in an append.
	 * @param dropped counts the events that were lost to a throwable
	 */
	void finishLeftOver(DroppedEvents dropped) {
		if (hasLeftOver()) {
			// A monitor, unlike a lock object, is released without a call.
			synchronized (this) {
				finish(this.segment, this.offset, this.length, dropped);
			}
		}
	}

	/**
	 * Finishes what the owner has left, if it is in no append. For another thread.
	 * @param dropped counts the events that were lost to a throwable
	 */
	synchronized void finishIfAbandoned(DroppedEvents dropped) {
		if (isOwnerInside()) {
			return;
		}
		Segment left = this.segment;
		int offset = this.offset;
		int length = this.length;
		boolean any = left != null || this.hasLost;
		VarHandle.acquireFence();
		if (any && !isOwnerInside()) {
			finish(left, offset, length, dropped);
		}
	}

	private void finish(@Nullable Segment left, int offset, int length, DroppedEvents dropped) {
		if (left != null) {
			left.finish(offset, length);
			this.segment = null;
		}
		for (Level level : LevelCode.LEVELS) {
			for (int code = LevelCode.of(level); this.lost[code - 1] > 0; this.lost[code - 1]--) {
				dropped.add(level);
			}
		}
		this.hasLost = false;
	}

	/**
	 * Removes the claim if it is in a segment in which all records have been published.
	 */
	void removeFrom(Segment collected) {
		if (this.segment == collected) {
			synchronized (this) {
				if (this.segment == collected) {
					this.segment = null;
				}
			}
		}
	}

	private boolean isOwnerInside() {
		return this.ended != this.begun && this.owner.isAlive();
	}

	private boolean hasLeftOver() {
		return this.segment != null || this.hasLost;
	}

	/** Whether its owner has terminated and has left nothing. */
	boolean isObsolete() {
		return !this.owner.isAlive() && !hasLeftOver();
	}

}
