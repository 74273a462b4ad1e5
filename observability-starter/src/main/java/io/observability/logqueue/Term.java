package io.observability.logqueue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

import io.observability.instance.StoreDirectory;
import io.observability.logqueue.Checkpoint.Batch;
import io.observability.logqueue.Checkpoint.Phase;
import io.observability.logqueue.Checkpoint.Range;

/**
 * One process's time as the collector: from taking the collector lock to giving it up.
 * For one thread.
 *
 * <p>
 * Protocol. A batch is merged in memory first. Before its first byte is written, a
 * checkpoint notes the file, its length, and which records of which queues the batch
 * holds; merging these again gives the same bytes. After a crash at any point the
 * successor makes the bytes again, sees by the file's length how many of them stand in
 * the file, compares, and writes the rest. The file is completed rather than cut because
 * programs that follow a log take one that shrinks for a new one. What has been read is
 * acknowledged to its writers only when the next checkpoint is on disk, so the records of
 * an unfinished batch are always there. When anything fails (a full disk), the term is
 * over, and the same process begins another one as a successor would.
 *
 * <p>
 * The file is rolled between two batches, under a checkpoint that says so. A crash in the
 * middle of it therefore finds no batch outstanding, and the successor appends to
 * whatever is the active file then.
 */
final class Term implements Closeable {

	private static final int BATCH_SIZE = 512 << 10;

	private static final long SCAN_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private final String instance;

	private final LogTarget target;

	private final Duration orderingWindow;

	private final CheckpointFile checkpoints;

	private final Queues queues;

	private final MergedFile file = new MergedFile();

	/** Merged and to be written, from its position to its limit. */
	private ByteBuffer batch = ByteBuffer.allocateDirect(BATCH_SIZE);

	private long batchTime;

	private boolean started;

	private long lastScan;

	private Term(String instance, LogTarget target, Duration orderingWindow, CheckpointFile checkpoints,
			Queues queues) {
		this.instance = instance;
		this.target = target;
		this.orderingWindow = orderingWindow;
		this.checkpoints = checkpoints;
		this.queues = queues;
	}

	/** Begins the term of the holder of the collector lock. */
	static Term begin(StoreDirectory store, String instance, LogTarget target, Duration orderingWindow)
			throws IOException {
		CheckpointFile checkpoints = CheckpointFile.open(store.collectorCheckpoint());
		return new Term(instance, target, orderingWindow, checkpoints, new Queues(store));
	}

	/**
	 * Writes the next batch.
	 * @return how many bytes it had
	 * @throws IOException if the log file or the store can't be written now; nothing is
	 * lost, but this term is over
	 */
	int collect() throws IOException {
		if (!this.started) {
			takeOver();
		}
		scanIfDue();
		merge();
		if (!this.batch.hasRemaining()) {
			rest();
			return 0;
		}
		int length = this.batch.remaining();
		write();
		return length;
	}

	private void takeOver() throws IOException {
		Checkpoint last = this.checkpoints.newest();
		if (last != null) {
			if (last.phase() == Phase.WRITING) {
				remake(last);
				complete(last);
			}
			this.queues.inherit(last.ranges());
		}
		this.target.start(last != null && last.phase() == Phase.ROLLING);
		this.started = true;
		scan();
		rest();
	}

	/** Makes a predecessor's last batch again. */
	private void remake(Checkpoint last) throws IOException {
		List<QueueReader> readers = new ArrayList<>();
		for (Range range : last.ranges()) {
			QueueReader reader = new QueueReader(this.queues.chain(range), range.from(), range.to());
			reader.writerIsDead();
			readers.add(reader);
		}
		try {
			clearBatch(last.batch().length());
			this.batch.limit(last.batch().length());
			if (last.length() == 0) {
				this.batch.put(this.target.header());
			}
			new Merge(readers, last.batch().time(), Long.MAX_VALUE).into(this.batch);
			this.batch.flip();
		}
		finally {
			readers.forEach(QueueReader::close);
		}
	}

	private void scanIfDue() throws IOException {
		if (System.nanoTime() - this.lastScan >= SCAN_INTERVAL_NANOS) {
			scan();
		}
	}

	private void scan() throws IOException {
		this.queues.scan();
		this.lastScan = System.nanoTime();
	}

	private void merge() throws IOException {
		this.batchTime = now();
		// A single writer has nobody to wait for.
		long until = this.queues.hasSeveralWriters() ? this.batchTime - this.orderingWindow.toNanos() : Long.MAX_VALUE;
		Merge merge = new Merge(this.queues.readers(), this.batchTime, until);
		clearBatch(BATCH_SIZE);
		int lengthOfLarger = merge.into(this.batch);
		if (lengthOfLarger > 0) {
			clearBatch(lengthOfLarger);
			merge.into(this.batch);
		}
		this.batch.flip();
	}

	private static long now() {
		Instant now = Instant.now();
		return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
	}

	private void clearBatch(int size) {
		if (this.batch.capacity() < size || this.batch.capacity() > Math.max(size, BATCH_SIZE)) {
			this.batch = ByteBuffer.allocateDirect(Math.max(size, BATCH_SIZE));
		}
		this.batch.clear();
	}

	private void write() throws IOException {
		if (this.target.isRollDue()) {
			roll();
		}
		this.file.open(this.target.activeFile());
		if (this.file.length() == 0) {
			writeHeader();
		}
		Checkpoint checkpoint = checkpoint(Phase.WRITING,
				new Batch(this.batchTime, this.batch.remaining(), checksum(this.batch)), this.queues.ranges());
		this.checkpoints.write(checkpoint);
		this.queues.acknowledge(checkpoint.ranges());
		complete(checkpoint);
	}

	private void roll() throws IOException {
		this.file.open(this.target.activeFile());
		this.checkpoints.write(checkpoint(Phase.ROLLING, Batch.NONE, this.queues.committedRanges()));
		this.file.close();
		this.target.roll();
	}

	private void writeHeader() throws IOException {
		ByteBuffer header = ByteBuffer.wrap(this.target.header());
		if (header.hasRemaining()) {
			this.checkpoints.write(checkpoint(Phase.WRITING,
					new Batch(this.batchTime, header.remaining(), checksum(header)), this.queues.committedRanges()));
			this.file.append(header);
			this.target.written(header.limit());
		}
	}

	private Checkpoint checkpoint(Phase phase, Batch batch, List<Range> ranges) throws IOException {
		return new Checkpoint(phase, this.instance, this.file.path(), this.file.key(), this.file.length(), batch,
				ranges);
	}

	private static int checksum(ByteBuffer bytes) {
		CRC32C crc = new CRC32C();
		crc.update(bytes.duplicate());
		return (int) crc.getValue();
	}

	/** Writes those bytes of the batch that aren't in its file yet. */
	private void complete(Checkpoint checkpoint) throws IOException {
		Path path = Path.of(checkpoint.file());
		if (this.file.reopen(path, checkpoint.fileKey(), checkpoint.length())) {
			this.batch.position(present(checkpoint));
		}
		else {
			// Deleted or cut off by somebody else, with what it held of the batch.
			this.file.open(path);
		}
		this.file.append(this.batch);
		this.queues.commit();
		if (this.started) {
			this.target.written(checkpoint.batch().length());
		}
	}

	private int present(Checkpoint checkpoint) throws IOException {
		long end = checkpoint.length() + checkpoint.batch().length();
		if (this.file.length() >= end && checksum(this.batch) != checkpoint.batch().checksum()) {
			// Some queue was damaged meanwhile, but the batch is there.
			return this.batch.limit();
		}
		return this.file.countPresent(checkpoint.length(), this.batch);
	}

	/** Nothing is to be written: what has been read can be acknowledged. */
	private void rest() throws IOException {
		Checkpoint last = this.checkpoints.newest();
		if (last == null || last.phase() != Phase.IDLE || !last.collector().equals(this.instance)
				|| !last.ranges().equals(this.queues.ranges())) {
			this.queues.commit();
			last = new Checkpoint(Phase.IDLE, this.instance, "", "", 0, Batch.NONE, this.queues.committedRanges());
			this.checkpoints.write(last);
		}
		this.queues.acknowledge(last.ranges());
	}

	/** Tells whether there are queues of ended writers that aren't collected yet. */
	boolean hasEndedQueues() throws IOException {
		scan();
		return this.queues.hasEnded();
	}

	@Override
	public void close() throws IOException {
		this.queues.close();
		try (this.checkpoints; this.file) {
			if (this.started) {
				this.target.stop();
			}
		}
	}

}
