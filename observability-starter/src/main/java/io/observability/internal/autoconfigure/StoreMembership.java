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

package io.observability.internal.autoconfigure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.observability.internal.instance.Instance;
import io.observability.internal.segment.Problems;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * This application context's membership of the fleet. Without one, metrics are kept in
 * memory and not shared. Safe for any thread.
 *
 * <p>
 * If the folder can't be used when the application starts, because the disk is full, say,
 * joining is tried again by {@link LateJoin}. Listeners are notified when it succeeds.
 */
final class StoreMembership implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(StoreMembership.class);

	private static final String NOT_JOINED = "store directory can't be used, this instance shows its own metrics only until it can, "
			+ "which is tried again and again; " + StoreLocation.DIRECTORY_PROPERTY
			+ " is a folder that all instances share: ";

	private static final String OTHER_NAME = "instance id is not the configured one, because another living instance has it, "
			+ "or another context of this process joined with its own; give each instance its own id, or none: ";

	private final StoreLocation location;

	private final Problems problems;

	private final boolean enabled;

	private final List<JoinListener> listeners = new ArrayList<>();

	private volatile @Nullable Instance instance;

	private boolean closed;

	private StoreMembership(StoreLocation location, Problems problems, boolean enabled) {
		this.location = location;
		this.problems = problems;
		this.enabled = enabled;
	}

	/**
	 * Joins the fleet, or returns a membership that waits if the folder can't be used.
	 */
	static StoreMembership join(StoreLocation location, Problems problems) {
		StoreMembership membership = new StoreMembership(location, problems, true);
		try {
			membership.joined(location.join());
		}
		catch (IOException ex) {
			membership.onFailure(ex);
		}
		return membership;
	}

	/** Returns a membership of no fleet. */
	static StoreMembership alone(StoreLocation location) {
		return new StoreMembership(location, new Problems((text) -> {
		}), false);
	}

	private void onFailure(IOException failure) {
		this.problems.reportLasting(this.location.directory(), NOT_JOINED, "cause=" + failure);
	}

	private void joined(Instance instance) {
		this.instance = instance;
		if (instance.store().isOnNetwork()) {
			logger.warn("store directory is on a network file system, where mapped files of several hosts are not "
					+ "coherent; use it on one host only: directory=" + instance.store());
		}
		String name = this.location.instanceName();
		if (name != null && !name.equals(instance.info().name())) {
			this.problems.reportLasting(instance.slot().directory(), OTHER_NAME,
					"observability.instance.id=" + name + ", used=" + instance.info().name());
		}
	}

	/** Has this notified if the fleet is joined later. */
	synchronized void whenJoined(JoinListener listener) {
		this.listeners.add(listener);
	}

	/** Returns whether it is to be a member of a fleet, and is not yet. */
	boolean isWaiting() {
		return this.enabled && this.instance == null;
	}

	/**
	 * Joins the fleet if the folder can be used by now, and notifies the listeners. If
	 * one of them throws, all are notified again by the next call.
	 * @return whether that is done
	 */
	synchronized boolean joinLater() {
		try {
			if (this.instance == null && !this.closed) {
				joined(this.location.tryJoin());
			}
		}
		catch (IOException ex) {
			onFailure(ex);
		}
		Instance instance = this.instance;
		if (instance == null) {
			return false;
		}
		this.listeners.forEach((listener) -> listener.onJoin(instance));
		this.listeners.clear();
		this.problems.resolve(this.location.directory(), NOT_JOINED);
		logger.info("store directory can be used now, this instance has joined: directory=" + instance.store());
		return true;
	}

	/** Returns the instance, or null as long as it is not a member of a fleet. */
	@Nullable Instance instance() {
		return this.instance;
	}

	/** Returns the folder of the fleet, which it may not be a member of yet. */
	Path store() {
		return this.location.directory().toAbsolutePath().normalize();
	}

	/** Returns the value of the instance label. */
	String instanceName() {
		Instance instance = this.instance;
		if (instance != null) {
			return instance.info().name();
		}
		String name = this.location.instanceName();
		return (name != null) ? name : "0";
	}

	@Override
	public synchronized void close() throws IOException {
		this.closed = true;
		if (this.instance != null) {
			this.instance.close();
		}
	}

	/** Is notified when the fleet is joined after the start. */
	@FunctionalInterface
	interface JoinListener {

		/**
		 * The fleet was joined. Called again if something was thrown meanwhile.
		 * @param instance this instance
		 */
		void onJoin(Instance instance);

	}

}
