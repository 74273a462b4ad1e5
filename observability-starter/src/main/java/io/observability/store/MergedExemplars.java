package io.observability.store;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.observability.memory.Region;
import org.jspecify.annotations.Nullable;

/**
 * The newest exemplars of several instances, alive or not: one for each bucket.
 */
public final class MergedExemplars extends MergedSeries {

	private final @Nullable Exemplar[] newest;

	MergedExemplars(Family family, List<String> labelValues, @Nullable String instance) {
		super(labelValues, instance);
		this.newest = new Exemplar[ExemplarsLayout.slots(family.buckets())];
	}

	@Override
	void clear() {
		Arrays.fill(this.newest, null);
	}

	@Override
	void add(ByteBuffer cells, int position, boolean live) {
		for (int slot = 0; slot < this.newest.length; slot++) {
			int at = position + ExemplarsLayout.slotOffset(slot);
			Exemplar newest = this.newest[slot];
			if (Exemplar.timeOf(cells, at) > ((newest != null) ? newest.timeMillis() : 0)) {
				Exemplar exemplar = Exemplar.decode(cells, at);
				this.newest[slot] = (exemplar != null) ? exemplar : newest;
			}
		}
	}

	@Override
	void write(int block, Region region, int offset) {
		ExemplarSlots slots = new ExemplarSlots(
				new Cells(region, offset, ExemplarsLayout.slotOffset(this.newest.length)));
		for (int slot = 0; slot < this.newest.length; slot++) {
			Exemplar exemplar = this.newest[slot];
			if (exemplar != null) {
				slots.set(slot, exemplar);
			}
		}
	}

	@Override
	public boolean isPresent() {
		return !exemplars().isEmpty();
	}

	/**
	 * Returns the exemplars that there are.
	 * @return a new list, in the order of the buckets
	 */
	public List<Exemplar> exemplars() {
		List<Exemplar> exemplars = new ArrayList<>(this.newest.length);
		for (Exemplar exemplar : this.newest) {
			if (exemplar != null) {
				exemplars.add(exemplar);
			}
		}
		return exemplars;
	}

}
