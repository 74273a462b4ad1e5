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

import io.observability.internal.instance.Instance;
import io.observability.internal.segment.Problems;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * This application context's membership of the fleet. Without one, metrics are kept in
 * memory and not shared.
 */
final class StoreMembership implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(StoreMembership.class);

	private static final String NOT_JOINED = "store directory can't be used, this instance shows its own metrics only until "
			+ "it is started again; " + StoreLocation.DIRECTORY_PROPERTY + " is a folder that all instances share: ";

	private static final String OTHER_NAME = "instance id is not the configured one, because another living instance has it, "
			+ "or another context of this process joined with its own; give each instance its own id, or none: ";

	private final StoreLocation location;

	private final @Nullable Instance instance;

	private StoreMembership(StoreLocation location, @Nullable Instance instance) {
		this.location = location;
		this.instance = instance;
	}

	/** Joins the fleet, or returns no membership if the folder can't be used. */
	static StoreMembership join(StoreLocation location, Problems problems) {
		try {
			Instance instance = location.join();
			if (instance.store().isOnNetwork()) {
				logger.warn("store directory is on a network file system, where mapped files of several hosts are not "
						+ "coherent; use it on one host only: directory=" + instance.store());
			}
			String name = location.instanceName();
			if (name != null && !name.equals(instance.info().name())) {
				problems.reportLasting(instance.slot().directory(), OTHER_NAME,
						"observability.instance.id=" + name + ", used=" + instance.info().name());
			}
			return new StoreMembership(location, instance);
		}
		catch (IOException ex) {
			problems.reportLasting(location.directory(), NOT_JOINED, "cause=" + ex);
			return alone(location);
		}
	}

	/** Returns a membership of no fleet. */
	static StoreMembership alone(StoreLocation location) {
		return new StoreMembership(location, null);
	}

	/** Returns the instance, or null if it is not a member of a fleet. */
	@Nullable Instance instance() {
		return this.instance;
	}

	/** Returns the value of the instance label. */
	String instanceName() {
		if (this.instance != null) {
			return this.instance.info().name();
		}
		String name = this.location.instanceName();
		return (name != null) ? name : "0";
	}

	@Override
	public void close() throws IOException {
		if (this.instance != null) {
			this.instance.close();
		}
	}

}
