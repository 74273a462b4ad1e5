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

import java.io.Closeable;
import java.io.IOException;

import org.jspecify.annotations.Nullable;

/**
 * Where the batches of a term go. For one thread.
 */
interface TermOutput extends Closeable {

	/**
	 * Completes what a predecessor has begun. Called once, before the first batch.
	 * @param last the predecessor's newest checkpoint, or null if there is none
	 * @throws IOException if that is not possible now
	 */
	void takeOver(@Nullable Checkpoint last) throws IOException;

	/**
	 * Passes a batch on, and saves checkpoints by which a successor knows whether it was.
	 * @param batch the batch, not empty
	 * @throws IOException if that is not possible now
	 */
	void write(BatchContent batch) throws IOException;

}
