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

package io.observability.internal.log.collector;

import java.nio.ByteBuffer;

/**
 * Where events go that aren't written into the merged log file. Only the collecting
 * process uses it, on one thread.
 */
public interface EventTarget {

	/** Called when this process has become the collector. */
	void start();

	/** Called before the events of a batch. */
	void beginBatch();

	/**
	 * Passes an event on.
	 * @param event what a writer has put into its queue, from the position to the limit;
	 * valid until this returns
	 */
	void deliver(ByteBuffer event);

	/** Called after the events of a batch, which count as collected when this returns. */
	void endBatch();

	/** Called when this process ceases to be the collector. */
	void stop();

}
