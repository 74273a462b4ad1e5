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

package io.observability.internal.logback.appender;

import java.io.IOException;
import java.nio.file.Path;

import io.observability.internal.instance.Instance;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.Collector;
import io.observability.internal.log.queue.LogQueue;
import io.observability.internal.task.TaskListener;
import org.jspecify.annotations.Nullable;

/** Where the collector delivers the events of an output's queues. */
interface Destination {

	/**
	 * Returns a name that is the same in all logger contexts of this process.
	 * @return the name
	 */
	String name();

	/**
	 * Returns the file whose lock keeps the collector from writing.
	 * @return the file, or null if there is none
	 */
	@Nullable Path lockedFile();

	/**
	 * Opens the store of the destination's queues.
	 * @param member this process's membership of the fleet
	 * @return the store
	 * @throws IOException if it can't be used
	 */
	StoreDirectory store(Instance member) throws IOException;

	/**
	 * Creates again what has been deleted of the claim to the store, if there is one.
	 * @param member this process's membership of the fleet
	 * @param store the store of the destination's queues
	 * @throws IOException if it can't be created
	 */
	void restoreClaim(Instance member, StoreDirectory store) throws IOException;

	/**
	 * Opens this process's queue.
	 * @param instance the membership of the store of the queues
	 * @param store the store
	 * @return the queue
	 * @throws IOException if it can't be opened
	 */
	LogQueue openQueue(Instance instance, StoreDirectory store) throws IOException;

	/**
	 * Returns the encoder of the events that are put into the queue.
	 * @return the encoder
	 */
	EventEncoder encoder();

	/** Counts an event that the queue has dropped, beside the queue's own count. */
	void onDropped();

	/**
	 * Returns what reports failures of background work for this destination.
	 * @return the listener
	 */
	TaskListener listener();

	/**
	 * Makes this process a candidate for the collector of this destination.
	 * @param instance the membership of this process
	 * @param queue the queue of this process
	 * @return the running candidate
	 */
	Collector startCollector(Instance instance, LogQueue queue);

}
