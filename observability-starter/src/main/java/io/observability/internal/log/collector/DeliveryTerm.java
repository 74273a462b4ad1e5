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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.Checkpoint.Batch;
import io.observability.internal.log.collector.Checkpoint.Phase;
import io.observability.internal.log.collector.Checkpoint.Range;
import io.observability.internal.log.collector.CheckpointFile.Content;
import io.observability.internal.log.queue.CollectedMark;
import io.observability.internal.log.queue.Position;
import io.observability.internal.segment.SegmentSequence;
import org.jspecify.annotations.Nullable;

/**
 * A term in which events are delivered to receivers, each at its own pace.
 *
 * <p>
 * Protocol. Each receiver reads the queues itself, see {@link EventDelivery}. This thread
 * looks for new queues, and frees what no receiver needs, see {@link Retention}. The
 * checkpoint says up to where all receivers that take events have them: there a receiver
 * begins that has no position of its own, and so does a process of a version in which the
 * receivers had one position together. If no receiver takes anything for some time, the
 * term ends: they may do so in another process.
 */
final class DeliveryTerm implements Term {

	private static final long SCAN_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private static final long QUIET_SCAN_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final long HURRIED_SCAN_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

	/** After this time without a receiver that takes events another process may try. */
	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final StoreDirectory store;

	private final TermOwner owner;

	private final DeliverySettings settings;

	private final Duration patience;

	private final CheckpointFile checkpoints;

	private final QueueScanner scanner;

	private final Retention retention;

	private final List<EventDelivery> deliveries = new ArrayList<>();

	private final Map<SegmentSequence, Position> marked = new HashMap<>();

	private @Nullable QueueListing listing;

	private long lastScan;

	/** How often the receivers had saved their positions before the last look at them. */
	private long saves;

	private DeliveryTerm(StoreDirectory store, TermOwner owner, DeliverySettings settings, Duration patience,
			CheckpointFile checkpoints) {
		this.store = store;
		this.patience = patience;
		this.owner = owner;
		this.settings = settings;
		this.checkpoints = checkpoints;
		this.scanner = new QueueScanner(store);
		this.retention = new Retention(settings.maxBacklog());
	}

	static DeliveryTerm begin(StoreDirectory store, TermOwner owner, DeliverySettings settings) throws IOException {
		return begin(store, owner, settings, PATIENCE);
	}

	static DeliveryTerm begin(StoreDirectory store, TermOwner owner, DeliverySettings settings, Duration patience)
			throws IOException {
		return new DeliveryTerm(store, owner, settings, patience,
				CheckpointSuccession.begin(store.collectorCheckpoint(), owner));
	}

	/** The receivers' own tasks pass events on. */
	@Override
	public int collect() throws IOException {
		this.checkpoints.requireCurrent();
		long interval = this.retention.isNearlyFull() ? HURRIED_SCAN_INTERVAL_NANOS : SCAN_INTERVAL_NANOS;
		if (this.listing == null || System.nanoTime() - this.lastScan >= interval) {
			scan();
		}
		for (EventDelivery delivery : this.deliveries) {
			if (delivery.isFenced()) {
				throw new TermEndedException(this.checkpoints.content().term(), this.store.path());
			}
		}
		this.saves = saves();
		saveCheckpoint();
		if (!this.deliveries.isEmpty()
				&& this.deliveries.stream().allMatch((delivery) -> delivery.isStuckFor(this.patience))) {
			throw new NoProgressException(this.patience);
		}
		return 0;
	}

	private long saves() {
		long saves = 0;
		for (EventDelivery delivery : this.deliveries) {
			saves += delivery.saves();
		}
		return saves;
	}

	/** The receivers read the queues: this looks whether they have got on. */
	@Override
	public boolean isQuiet() throws IOException {
		return this.listing != null && System.nanoTime() - this.lastScan < QUIET_SCAN_INTERVAL_NANOS
				&& !this.retention.isNearlyFull() && saves() == this.saves && !this.scanner.mayHaveNews();
	}

	@Override
	public boolean isSettled() {
		return !this.retention.isNearlyFull();
	}

	private QueueListing scan() throws IOException {
		QueueListing listing = this.scanner.scan();
		this.lastScan = System.nanoTime();
		if (this.listing == null) {
			startDeliveries(listing);
		}
		this.listing = listing;
		this.deliveries.forEach((delivery) -> delivery.update(listing));
		this.retention.apply(listing, this.deliveries);
		return listing;
	}

	private void startDeliveries(QueueListing listing) throws IOException {
		Checkpoint last = this.checkpoints.newest();
		List<Range> inherited = (last != null) ? last.ranges() : List.of();
		for (EventReceiver receiver : this.settings.receivers()) {
			this.deliveries.add(EventDelivery.start(receiver, this.store, this.settings.orderingWindow(), this.owner,
					inherited, listing));
		}
	}

	private void saveCheckpoint() throws IOException {
		Map<SegmentSequence, Position> positions = positions();
		List<Range> ranges = new ArrayList<>();
		positions.forEach((queue, position) -> ranges
			.add(new Range(queue.slot().number(), queue.id().instanceId(), queue.id().number(), position, position)));
		Checkpoint checkpoint = new Checkpoint(Phase.IDLE, this.owner.instance(), "", "", 0, Batch.NONE, ranges);
		if (checkpoint.equals(this.checkpoints.newest())) {
			return;
		}
		this.checkpoints.write(checkpoint);
		this.marked.keySet().retainAll(positions.keySet());
		positions.forEach(this::mark);
	}

	/** Returns up to where the receivers that take events have the queues. */
	private Map<SegmentSequence, Position> positions() {
		List<EventDelivery> prompt = this.deliveries.stream().filter(EventDelivery::isPrompt).toList();
		Map<SegmentSequence, Position> positions = new TreeMap<>();
		if (this.listing != null) {
			for (SegmentSequence queue : this.listing.segments().keySet()) {
				Position position = lowest(queue, prompt.isEmpty() ? this.deliveries : prompt);
				if (position != null && positions.size() < CheckpointLayout.MAX_RANGES) {
					positions.put(queue, position);
				}
			}
		}
		return positions;
	}

	private static @Nullable Position lowest(SegmentSequence queue, List<EventDelivery> deliveries) {
		Position lowest = null;
		for (EventDelivery delivery : deliveries) {
			Position position = delivery.position(queue);
			if (position == null) {
				return null;
			}
			lowest = (lowest == null || position.compareTo(lowest) < 0) ? position : lowest;
		}
		return lowest;
	}

	/** The mark matters only if files of the store are deleted. */
	private void mark(SegmentSequence queue, Position position) {
		if (position.equals(this.marked.put(queue, position))) {
			return;
		}
		try {
			CollectedMark.write(queue, position, this.owner.buffers().files());
		}
		catch (IOException ex) {
			// The checkpoint says it, too.
		}
	}

	@Override
	public boolean hasEndedQueues() throws IOException {
		QueueListing listing = scan();
		for (SegmentSequence queue : listing.dead()) {
			if (isAwaited(queue)) {
				this.deliveries.forEach(EventDelivery::wake);
				return true;
			}
		}
		// The last events may have been delivered since this scan has freed what it
		// could.
		return listing.segments().keySet().stream().anyMatch(this::isFinished);
	}

	/** A writer that leaves does not wait for the receivers' next look. */
	@Override
	public boolean isTaken(SegmentSequence queue) {
		boolean taken = this.listing != null && !isAwaited(queue);
		if (!taken) {
			this.deliveries.forEach(EventDelivery::wake);
		}
		return taken;
	}

	private boolean isAwaited(SegmentSequence queue) {
		return this.deliveries.stream().anyMatch((delivery) -> delivery.isAwaited(queue));
	}

	private boolean isFinished(SegmentSequence queue) {
		return this.deliveries.stream().allMatch((delivery) -> delivery.isFinished(queue));
	}

	@Override
	public Content content() {
		return this.checkpoints.content();
	}

	@Override
	public void close() throws IOException {
		long deadline = System.nanoTime() + CLOSE_NANOS;
		this.deliveries.forEach(EventDelivery::beginToClose);
		try (this.checkpoints) {
			for (EventDelivery delivery : this.deliveries) {
				delivery.close(deadline);
			}
		}
	}

}
