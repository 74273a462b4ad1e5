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

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.observability.internal.instance.NameHash;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.Checkpoint.Batch;
import io.observability.internal.log.collector.Checkpoint.Phase;
import io.observability.internal.log.collector.Checkpoint.Range;
import io.observability.internal.log.collector.CheckpointFile.Content;
import io.observability.internal.log.queue.Position;
import io.observability.internal.log.queue.QueueReader;
import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.memory.StoreFolders;
import io.observability.internal.segment.SegmentSequence;
import org.jspecify.annotations.Nullable;

/**
 * The queues as one receiver reads them, and the file with its positions, during one
 * term. Safe for any thread.
 *
 * <p>
 * Protocol. The receiver's task reads events and says when all of them have been
 * delivered: only then the positions behind them are saved. A crash before that leaves
 * the positions of the time before: the successor reads these events again. The file is
 * that of a term, see {@link CheckpointSuccession}: a process whose term has ended saves
 * nothing any more. The collector's thread looks at the positions, and moves them when
 * too much is waiting; the events in between are counted as missed.
 */
final class DeliverySource implements Closeable {

	private static final String PREFIX = "appender-";

	private static final String SUFFIX = ".checkpoint";

	private static final int HASH_BYTES = 16;

	private static final int FILE_BUFFER = 64 << 10;

	private static final int BATCH_SIZE = 64 << 10;

	/** After so many failures an event is left out for which there is no memory. */
	private static final int MOST_ATTEMPTS = 5;

	private static final int MAX_TEXT = 500;

	private final EventReceiver receiver;

	private final StoreDirectory store;

	private final Duration orderingWindow;

	private final TermOwner owner;

	private final MergedBatch batch = new MergedBatch(ByteBuffer.allocate(BATCH_SIZE));

	private final CheckpointFile positions;

	private Queues queues;

	/** Number of the listing that was taken into account last. */
	private long read;

	private long missed;

	private String failure = "";

	private boolean closed;

	/** Events have been read that were not delivered yet. */
	private boolean busy;

	/** All that was found by the last reading has been delivered. */
	private boolean settled;

	/** How often positions have been noted that were to be saved. */
	private long saves;

	/** How often in a row there was no memory for an event. */
	private int outOfMemory;

	private volatile QueueListing listing;

	private DeliverySource(EventReceiver receiver, StoreDirectory store, Duration orderingWindow, TermOwner owner,
			CheckpointFile positions, QueueListing listing) {
		this.receiver = receiver;
		this.store = store;
		this.orderingWindow = orderingWindow;
		this.owner = owner;
		this.positions = positions;
		this.listing = listing;
		this.queues = new Queues(store, owner.buffers().files(), owner.unreadable());
	}

	/**
	 * Returns the file with the positions of a receiver.
	 * @param store the store of the queues
	 * @param name of the receiver
	 * @return the path of the file
	 */
	static Path file(StoreDirectory store, String name) {
		return store.path().resolve(PREFIX + NameHash.of(name, HASH_BYTES) + SUFFIX);
	}

	/**
	 * Lists the files with the positions of all receivers.
	 * @param store the store of the queues
	 * @return the files
	 * @throws IOException if the store can't be read
	 */
	static List<Path> files(StoreDirectory store) throws IOException {
		return StoreFolders.list(store.path(), PREFIX, SUFFIX);
	}

	/**
	 * Takes over the positions of a receiver.
	 * @param receiver the receiver
	 * @param store the store of the queues
	 * @param orderingWindow how long events are held back
	 * @param collector the process whose term begins
	 * @param inherited positions for a receiver that has none yet
	 * @param listing the queues that there are
	 * @return the source
	 * @throws IOException if the positions can't be taken over now
	 */
	static DeliverySource open(EventReceiver receiver, StoreDirectory store, Duration orderingWindow,
			TermOwner collector, List<Range> inherited, QueueListing listing) throws IOException {
		Path file = file(store, receiver.name());
		CollectorBuffers buffers = new CollectorBuffers(new ReadBuffer(FILE_BUFFER), ByteBuffer.allocate(0));
		TermOwner owner = new TermOwner(collector.instance(),
				collector.temporary().resolveSibling(file.getFileName() + ".tmp"), Content.NONE, buffers,
				collector.unreadable(), collector.replacesUnreadable());
		DeliverySource source = new DeliverySource(receiver, store, orderingWindow, owner,
				CheckpointSuccession.begin(file, owner), listing);
		source.takeOver(inherited);
		return source;
	}

	private synchronized void takeOver(List<Range> inherited) throws IOException {
		Checkpoint last = this.positions.newest();
		if (last != null) {
			this.missed = last.length();
			this.queues.inheritAll(last.ranges());
		}
		else {
			this.queues.inherit(inherited);
		}
		update();
		save();
	}

	/**
	 * Returns whether a look that costs little shows that there is nothing to read.
	 * @return false if there may be an event, or a queue has come or ended
	 * @throws IOException if files can't be read
	 */
	synchronized boolean isQuiet() throws IOException {
		return this.settled && this.listing.number() == this.read && !this.queues.mayHaveRecord();
	}

	/** Returns whether events have been read that are not due yet. */
	synchronized boolean holdsBack() {
		return !this.settled;
	}

	/**
	 * Returns how often positions or a failure were saved.
	 * @return a number that grows with each time
	 */
	synchronized long saves() {
		return this.saves;
	}

	/**
	 * Reads the next events.
	 * @param limit how many at most
	 * @return the events, none if there are none now
	 * @throws IOException if files can't be read, or another term has begun
	 */
	synchronized List<byte[]> read(int limit) throws IOException {
		this.settled = this.closed;
		if (this.closed) {
			return List.of();
		}
		try {
			update();
			List<byte[]> events = merge(limit);
			if (events.isEmpty() && !this.busy) {
				this.queues.commitPositions();
				save();
				this.settled = !this.queues.holdBack();
			}
			this.busy |= !events.isEmpty();
			return events;
		}
		catch (TermEndedException ex) {
			throw ex;
		}
		catch (Throwable ex) {
			restart();
			throw ex;
		}
	}

	private void update() throws IOException {
		QueueListing listing = this.listing;
		if (listing.number() != this.read) {
			this.queues.update(listing);
			this.read = listing.number();
		}
	}

	private List<byte[]> merge(int limit) throws IOException {
		long now = BatchSource.now();
		// A single writer has no other to wait for.
		long until = this.queues.hasSeveralWriters() ? now - this.orderingWindow.toNanos() : Long.MAX_VALUE;
		this.batch.clear(limit);
		QueueReader larger = new Merge(this.queues.readers(), now, until).into(this.batch);
		if (larger != null) {
			return readLarge(larger);
		}
		List<byte[]> events = new ArrayList<>();
		this.batch.forEachRecord((record) -> {
			byte[] event = new byte[record.remaining()];
			record.get(event);
			events.add(event);
		});
		return events;
	}

	/** Leaves an event out for which there is no memory, time and again. */
	private List<byte[]> readLarge(QueueReader reader) throws IOException {
		int length = reader.textLength();
		try {
			ByteBuffer event = ByteBuffer.allocate(length);
			this.outOfMemory = 0;
			return (reader.take(event) && !event.hasRemaining()) ? List.of(event.array()) : List.of();
		}
		catch (OutOfMemoryError ex) {
			if (++this.outOfMemory < MOST_ATTEMPTS) {
				throw ex;
			}
			this.outOfMemory = 0;
			reader.skip();
			SkippedRecords.add(length);
			this.receiver.onUndeliverable(length, ex);
			return List.of();
		}
	}

	/** Reads again from the saved positions. */
	private void restart() {
		List<Range> ranges = this.queues.committedRanges();
		this.queues.close();
		this.queues = new Queues(this.store, this.owner.buffers().files(), this.owner.unreadable());
		this.queues.inheritAll(ranges);
		this.read = 0;
		this.busy = false;
	}

	/** Saves that all events that were read have been delivered. */
	synchronized void saveDelivered() throws IOException {
		if (!this.closed) {
			this.failure = "";
			this.queues.commitPositions();
			save();
			this.busy = false;
		}
	}

	/** Saves why the receiver takes no events. */
	synchronized void saveFailure(Throwable failure) throws IOException {
		if (!this.closed) {
			this.failure = shortened(failure.toString());
			save();
		}
	}

	private void save() throws IOException {
		Checkpoint checkpoint = new Checkpoint(Phase.IDLE, this.owner.instance(), shortened(this.receiver.name()),
				this.failure, this.missed, Batch.NONE, this.queues.committedRanges());
		if (!checkpoint.equals(this.positions.newest())) {
			this.saves++;
			this.positions.write(checkpoint);
		}
	}

	private static String shortened(String text) {
		return text.substring(0, Math.min(text.length(), MAX_TEXT));
	}

	/** Takes new queues and terminated writers into account at the next reading. */
	void update(QueueListing listing) {
		this.listing = listing;
	}

	/** Returns up to where events have been delivered, or null if it is unknown. */
	synchronized @Nullable Position position(SegmentSequence queue) {
		return this.queues.committed(queue);
	}

	/** Returns whether all of a queue has been delivered, and no event will follow. */
	synchronized boolean isFinished(SegmentSequence queue) {
		return this.queues.isFinished(queue);
	}

	/** Returns whether there are events in a queue that were not delivered. */
	synchronized boolean hasUndelivered(SegmentSequence queue) {
		return this.busy || this.queues.hasUnread(queue);
	}

	/**
	 * Leaves out events of a queue that have not been read, up to the end of a segment.
	 * @param queue the queue
	 * @param index of the segment
	 * @return how many events are missed
	 * @throws IOException if the segment can't be read, or the positions can't be saved
	 */
	synchronized long skip(SegmentSequence queue, int index) throws IOException {
		long count = this.queues.skip(queue, index);
		this.missed += count;
		this.settled = false;
		save();
		return count;
	}

	@Override
	public synchronized void close() throws IOException {
		this.closed = true;
		this.queues.close();
		this.positions.close();
	}

}
