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

import java.util.List;

import io.observability.internal.log.queue.Position;

/**
 * How far the merged log has come: what a successor needs to complete a batch without
 * losing or doubling a byte.
 *
 * @param phase what the collector is about to do
 * @param collector id of its instance
 * @param file the log file that the batch goes to
 * @param fileKey identifies that file even if it is renamed; empty if unknown
 * @param length of the file before the batch
 * @param batch what the batch consists of
 * @param ranges what has been read of each queue before the batch and after it
 */
record Checkpoint(Phase phase, String collector, String file, String fileKey, long length, Batch batch,
		List<Range> ranges) {

	/** What a collector is doing. */
	enum Phase {

		/** All up to the positions is in the log. */
		IDLE(0),

		/** A batch may be missing in the file, or be there in part or as a whole. */
		WRITING(1),

		/**
		 * The file may have been rolled, with a footer of which the batch says how long
		 * it is. All up to the positions is in it.
		 */
		ROLLING(2),

		/**
		 * The file may have a footer at its end, wholly or in part, because its last
		 * writer has left. All up to the positions is in it.
		 */
		ENDING(3);

		private final int code;

		Phase(int code) {
			this.code = code;
		}

		int code() {
			return this.code;
		}

		static Phase of(int code) {
			return switch (code) {
				case 1 -> WRITING;
				case 2 -> ROLLING;
				case 3 -> ENDING;
				default -> IDLE;
			};
		}

	}

	/**
	 * What a batch that is merged again has to equal.
	 *
	 * @param time what the merge took for the current time
	 * @param length in bytes
	 * @param checksum CRC32C of the bytes
	 */
	record Batch(long time, int length, int checksum) {

		static final Batch NONE = new Batch(0, 0, 0);

	}

	/**
	 * What the batch takes of one queue.
	 *
	 * @param slot number of the writer's slot
	 * @param instance the writer's id
	 * @param number of the writer's sequence
	 * @param from where the batch starts
	 * @param to where it ends
	 */
	record Range(int slot, String instance, int number, Position from, Position to) {

		/** Returns whether the batch takes nothing of the queue. */
		boolean isEmpty() {
			return this.from.equals(this.to);
		}

	}

}
