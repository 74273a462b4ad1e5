package io.observability.instance;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * This JVM's membership of a fleet: a slot, held until the last user of the membership
 * (the meter registry, the log appender, another application context) has closed it, or
 * the process ends. Safe for any thread.
 */
public final class Instance implements Closeable {

	private static final Map<Path, Membership> MEMBERSHIPS = new HashMap<>();

	private final Membership membership;

	private boolean closed;

	private Instance(Membership membership) {
		this.membership = membership;
	}

	/**
	 * Joins the fleet, or adds a user to this JVM's membership of it.
	 * @param store the fleet's folder
	 * @param name value of the instance label, or null for the slot's number; the first
	 * user's counts
	 * @return the membership, to be closed by this user
	 * @throws IOException if no slot can be taken
	 */
	public static Instance join(StoreDirectory store, @Nullable String name) throws IOException {
		synchronized (MEMBERSHIPS) {
			Membership membership = MEMBERSHIPS.get(store.path());
			if (membership == null) {
				membership = take(store, name);
				MEMBERSHIPS.put(store.path(), membership);
			}
			membership.users++;
			return new Instance(membership);
		}
	}

	private static Membership take(StoreDirectory store, @Nullable String name) throws IOException {
		Slots.HeldSlot held = new Slots(store).takeLowest();
		Slot slot = held.slot();
		String id = UUID.randomUUID().toString().replace("-", "").substring(0, 16);
		InstanceInfo info = InstanceInfo.ofThisProcess(id, slot.number(),
				(name != null) ? name : Integer.toString(slot.number()));
		try {
			info.write(slot.infoFile());
		}
		catch (IOException ex) {
			held.lock().close();
			throw ex;
		}
		return new Membership(store, slot, held.lock(), info);
	}

	public StoreDirectory store() {
		return this.membership.store;
	}

	public Slot slot() {
		return this.membership.slot;
	}

	public InstanceInfo info() {
		return this.membership.info;
	}

	/** Leaves the fleet if this was the last user. Closing twice does nothing. */
	@Override
	public void close() throws IOException {
		synchronized (MEMBERSHIPS) {
			if (this.closed) {
				return;
			}
			this.closed = true;
			this.membership.users--;
			if (this.membership.users == 0) {
				MEMBERSHIPS.remove(this.membership.store.path());
				this.membership.lock.close();
			}
		}
	}

	private static final class Membership {

		private final StoreDirectory store;

		private final Slot slot;

		private final ProcessLock lock;

		private final InstanceInfo info;

		private int users;

		private Membership(StoreDirectory store, Slot slot, ProcessLock lock, InstanceInfo info) {
			this.store = store;
			this.slot = slot;
			this.lock = lock;
			this.info = info;
		}

	}

}
