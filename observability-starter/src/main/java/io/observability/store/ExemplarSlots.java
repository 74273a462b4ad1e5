package io.observability.store;

import io.observability.memory.Region;

/**
 * The exemplars of a series, one for each of its buckets.
 *
 * <p>
 * Protocol. One thread at a time writes a slot, in place. Readers tell by its checksum
 * whether they have seen one exemplar whole; if not (it is being written, or its writer
 * was killed over it) there is none until the next one is written.
 */
public final class ExemplarSlots {

	private final Region region;

	private final int offset;

	ExemplarSlots(Region region, int offset) {
		this.region = region;
		this.offset = offset;
	}

	/**
	 * Replaces an exemplar, if the new one fits.
	 * @param slot index of the bucket, 0 if there are none
	 * @param exemplar what to show
	 */
	public void set(int slot, Exemplar exemplar) {
		byte[] bytes = exemplar.encode();
		if (bytes != null) {
			this.region.putBytes(this.offset + ExemplarsLayout.slotOffset(slot), bytes);
		}
	}

}
