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

package io.observability.internal.instance;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import io.observability.internal.memory.StoreFiles;
import org.jspecify.annotations.Nullable;

/**
 * This JVM's membership of a fleet: a slot that it holds until the last user of the
 * membership (the meter registry, the log appender, another application context) has
 * closed it, or until the process ends. Safe for any thread.
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
	 * @param name value of the instance label, or null for the slot's number; only the
	 * first user's is used, with the slot's number if another living instance has it
	 * @return the membership, to be closed by this user
	 * @throws IOException if no slot can be taken
	 */
	public static Instance join(StoreDirectory store, @Nullable String name) throws IOException {
		return join(store, name, UUID.randomUUID().toString().replace("-", "").substring(0, 16));
	}

	/**
	 * Joins a further store under the same id and name.
	 * @param part the store of a part of the fleet's files
	 * @return the membership, to be closed before this one
	 * @throws IOException if no slot can be taken
	 */
	public Instance joinPart(StoreDirectory part) throws IOException {
		return join(part, info().name(), info().id());
	}

	private static Instance join(StoreDirectory store, @Nullable String name, String id) throws IOException {
		synchronized (MEMBERSHIPS) {
			Membership membership = MEMBERSHIPS.get(store.path());
			if (membership == null) {
				membership = new Membership(store, name, id, Occupancy.take(store, name, id));
				MEMBERSHIPS.put(store.path(), membership);
			}
			membership.users++;
			return new Instance(membership);
		}
	}

	public StoreDirectory store() {
		return this.membership.store;
	}

	public Slot slot() {
		return this.membership.occupancy.slot;
	}

	public InstanceInfo info() {
		return this.membership.occupancy.info;
	}

	/**
	 * Returns whether other instances see this one: it holds its lock, and its lock and
	 * its description are still in the store.
	 * @return whether neither has been deleted or replaced, and the lock is not lost
	 */
	public boolean isIntact() {
		Occupancy occupancy = this.membership.occupancy;
		return occupancy.lock.isIntact() && StoreFiles.exists(occupancy.slot.infoFile());
	}

	/**
	 * Creates again what another program has deleted, and takes a lost lock again. If
	 * another instance has taken the slot meanwhile, this one takes another, which
	 * {@link #slot()} returns from then on to all its users.
	 * @throws IOException if that is not possible, perhaps only now
	 */
	public void repair() throws IOException {
		synchronized (MEMBERSHIPS) {
			if (!this.closed && !isIntact()) {
				this.membership.repair();
			}
		}
	}

	/**
	 * Keeps cleaners of old files from deleting this instance's: once a day it sets their
	 * times to now.
	 * @throws IOException if that is not possible now
	 */
	public void refreshFileTimes() throws IOException {
		synchronized (MEMBERSHIPS) {
			if (!this.closed && isIntact()) {
				Occupancy occupancy = this.membership.occupancy;
				new FileAges(store(), occupancy.slot).refreshIfDue(occupancy.lock);
			}
		}
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
				this.membership.occupancy.end();
			}
		}
	}

	private static final class Membership {

		private final StoreDirectory store;

		private final @Nullable String name;

		private final String id;

		private volatile Occupancy occupancy;

		private int users;

		private Membership(StoreDirectory store, @Nullable String name, String id, Occupancy occupancy) {
			this.store = store;
			this.name = name;
			this.id = id;
			this.occupancy = occupancy;
		}

		private void repair() throws IOException {
			this.store.restore();
			Slot slot = this.occupancy.slot;
			if (!this.occupancy.lock.isIntact()) {
				this.occupancy.lock.close();
				ProcessLock lock = tryTakeAgain(slot, this.store);
				if (lock == null) {
					this.occupancy = Occupancy.take(this.store, this.name, this.id);
					return;
				}
				this.occupancy = new Occupancy(slot, lock, this.occupancy.info);
			}
			this.occupancy.info.write(slot.infoFile());
		}

	}

	/** Returns null if the slot is another instance's now, or can't be used. */
	private static @Nullable ProcessLock tryTakeAgain(Slot slot, StoreDirectory store) {
		try {
			return new Slots(store).tryTake(slot);
		}
		catch (IOException ex) {
			return null;
		}
	}

	/**
	 * The slot that this JVM holds, and how.
	 */
	private record Occupancy(Slot slot, ProcessLock lock, InstanceInfo info) {

		private static Occupancy take(StoreDirectory store, @Nullable String name, String id) throws IOException {
			return new Slots(store).takeLowest((slot, lock) -> begin(store, name, id, slot, lock));
		}

		private static Occupancy begin(StoreDirectory store, @Nullable String name, String id, Slot slot,
				ProcessLock lock) throws IOException {
			String number = Integer.toString(slot.number());
			try {
				InstanceInfo info = describe(slot, id, (name != null) ? name : number);
				// After the own name was written: of two that start at once, one at least
				// sees the other.
				if (name != null && isNameOfAnother(store, slot, name)) {
					info = describe(slot, id, name + "-" + number);
				}
				return new Occupancy(slot, lock, info);
			}
			catch (IOException ex) {
				lock.close();
				throw ex;
			}
		}

		/**
		 * The description first: this process may run on, which would be taken for a lost
		 * lock.
		 */
		private void end() throws IOException {
			try {
				InstanceInfo described = this.slot.occupant();
				if (described != null && described.id().equals(this.info.id())) {
					withdraw();
				}
			}
			finally {
				this.lock.close();
			}
		}

		private void withdraw() throws IOException {
			try {
				this.info.withoutProcess().write(this.slot.infoFile());
			}
			catch (IOException ex) {
				// A full disk.
				StoreFiles.deleteIfExists(this.slot.infoFile());
			}
		}

		private static InstanceInfo describe(Slot slot, String id, String name) throws IOException {
			InstanceInfo info = InstanceInfo.ofThisProcess(id, slot.number(), name);
			info.write(slot.infoFile());
			return info;
		}

		private static boolean isNameOfAnother(StoreDirectory store, Slot own, String name) throws IOException {
			for (Slot slot : new Slots(store).list()) {
				InstanceInfo other = slot.equals(own) ? null : slot.livingOccupant();
				if (other != null && other.name().equals(name)) {
					return true;
				}
			}
			return false;
		}

	}

}
