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

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The bytes of a batch, which can be read any number of times.
 */
interface BatchContent {

	/** Length of all parts. */
	int length();

	/**
	 * Reads the bytes in parts of limited length.
	 * @param consumer receives one part after the other; each is valid until it returns
	 * @throws IOException if they can't be read, or if the consumer throws it
	 */
	void forEachPart(Consumer consumer) throws IOException;

	/**
	 * Reads the bytes record by record.
	 * @param consumer receives one whole record after the other; likewise
	 * @throws IOException if they can't be read, or if the consumer throws it
	 */
	void forEachRecord(Consumer consumer) throws IOException;

	/** Receives bytes, from their position to their limit. */
	@FunctionalInterface
	interface Consumer {

		void accept(ByteBuffer bytes) throws IOException;

	}

}
