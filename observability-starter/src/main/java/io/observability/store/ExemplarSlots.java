package io.observability.store;

import java.util.Map;
import java.util.function.Supplier;

import io.observability.memory.Region;

/**
 * The exemplars of a series, one for each of its buckets.
 *
 * <p>
 * Protocol. One thread at a time writes a slot, in place. Readers tell by its checksum
 * whether they have seen one exemplar whole; if not (it is being written, or its writer
 * was killed over it) there is none until the next one is written.
 */
public final class ExemplarSlots implements SeriesCells {

	private volatile Cells cells;

	ExemplarSlots(Cells cells) {
		this.cells = cells;
	}

	/**
	 * Replaces an exemplar, if the new one fits.
	 * @param slot index of the bucket, 0 if there are none
	 * @param exemplar what to show
	 */
	public void set(int slot, Exemplar exemplar) {
		byte[] bytes = exemplar.encode();
		if (bytes != null) {
			Cells cells = this.cells;
			cells.region().putBytes(cells.offset() + ExemplarsLayout.slotOffset(slot), bytes);
		}
	}

	@Override
	public void move(Map<Region, Integer> lost, Supplier<Cells> fresh) {
		this.cells = this.cells.unless(lost, fresh);
	}

}
