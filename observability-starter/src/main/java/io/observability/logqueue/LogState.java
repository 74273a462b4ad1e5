package io.observability.logqueue;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

import io.observability.instance.ProcessLock;
import io.observability.instance.Slot;
import io.observability.instance.Slots;
import io.observability.instance.StoreDirectory;
import io.observability.logqueue.Checkpoint.Range;
import org.jspecify.annotations.Nullable;

/**
 * The merged log as anybody can see it from the files.
 *
 * @param collector id of the instance that writes it, or null if nobody does
 * @param queues what waits to be written, by id of the instance that logged it
 */
public record LogState(@Nullable String collector, Map<String, Queue> queues) {

	/**
	 * The queues of one instance.
	 *
	 * @param backlogBytes what has been logged and is not in the merged log yet
	 * @param dropped number of events that were dropped because the backlog was full
	 */
	public record Queue(long backlogBytes, long dropped) {

		private Queue plus(Queue other) {
			return new Queue(this.backlogBytes + other.backlogBytes, this.dropped + other.dropped);
		}

	}

	public LogState {
		queues = Map.copyOf(queues);
	}

	/**
	 * Reads the state as it is now. Files come and go meanwhile: what is no longer there
	 * has been written.
	 * @param store the fleet's folder
	 * @return the state
	 * @throws IOException if the folder can't be read
	 */
	public static LogState of(StoreDirectory store) throws IOException {
		Checkpoint checkpoint = CheckpointFile.peek(store.collectorCheckpoint());
		Map<String, Queue> queues = new TreeMap<>();
		for (Slot slot : new Slots(store).list()) {
			Map<Chain, ChainBacklog> chains = new TreeMap<>();
			for (Chain.File file : Chain.files(slot)) {
				if (file.readable()) {
					chains.computeIfAbsent(file.chain(), (chain) -> new ChainBacklog(written(chain, checkpoint)))
						.add(file);
				}
			}
			for (Map.Entry<Chain, ChainBacklog> entry : chains.entrySet()) {
				ChainBacklog backlog = entry.getValue();
				queues.merge(entry.getKey().instance(),
						new Queue(backlog.bytes(), Arrays.stream(backlog.dropped()).sum()), Queue::plus);
			}
		}
		boolean collecting = ProcessLock.isHeld(store.collectorLock());
		return new LogState((checkpoint != null && collecting) ? checkpoint.collector() : null, queues);
	}

	/** Up to where a chain is in the log. */
	private static Position written(Chain chain, @Nullable Checkpoint checkpoint) {
		if (checkpoint != null) {
			for (Range range : checkpoint.ranges()) {
				if (range.slot() == chain.slot().number() && range.instance().equals(chain.instance())
						&& range.number() == chain.number()) {
					return range.to();
				}
			}
		}
		return Position.startOf(0);
	}

}
