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

package io.observability.internal.memory;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * Runs operations on file channels in threads of the application. These may be
 * interrupted, which would close the channel before the operation or in the middle of it.
 */
public final class Uninterruptibly {

	private Uninterruptibly() {
	}

	/**
	 * Runs an operation to its end. If the thread was interrupted before or meanwhile, it
	 * is interrupted afterwards.
	 * @param <T> what it returns
	 * @param operation opens its own channel; it is run again if an interrupt closed that
	 * @return what the operation returns
	 * @throws IOException if the operation does
	 */
	public static <T> T call(Operation<T> operation) throws IOException {
		boolean interrupted = Thread.interrupted();
		try {
			while (true) {
				try {
					return operation.run();
				}
				catch (ClosedByInterruptException ex) {
					// The exception leaves the thread interrupted.
					interrupted |= Thread.interrupted();
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * Waits for a condition, and interrupts the thread afterwards if it was to be
	 * interrupted meanwhile.
	 * @param condition waits for some time
	 * @param deadline until when to wait, by {@link System#nanoTime()}
	 * @return whether the condition was met; looked at once even after the deadline
	 */
	public static boolean await(Condition condition, long deadline) {
		boolean interrupted = false;
		try {
			while (true) {
				long left = deadline - System.nanoTime();
				try {
					if (condition.await(Math.max(left, 1))) {
						return true;
					}
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
				if (left <= 0) {
					return false;
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * An operation on files.
	 *
	 * @param <T> what it returns
	 */
	@FunctionalInterface
	public interface Operation<T> {

		/**
		 * Runs the operation.
		 * @return its result
		 * @throws IOException if it fails
		 */
		T run() throws IOException;

	}

	/** Something to wait for. */
	@FunctionalInterface
	public interface Condition {

		/**
		 * Waits for the condition to be met.
		 * @param nanos the longest time to wait
		 * @return whether it is met
		 * @throws InterruptedException if the thread is interrupted
		 */
		boolean await(long nanos) throws InterruptedException;

	}

}
