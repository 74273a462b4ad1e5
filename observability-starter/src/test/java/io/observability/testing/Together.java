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

package io.observability.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Runs a task in several threads that begin at the same moment.
 */
public final class Together {

	private Together() {
	}

	/**
	 * Runs the task, and returns when all threads have done it.
	 * @param threads number of threads
	 * @param task given the number of its thread, from 0
	 * @throws Exception what the task has thrown
	 */
	public static void run(int threads, Task task) throws Exception {
		CyclicBarrier start = new CyclicBarrier(threads);
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Future<?>> results = new ArrayList<>();
			for (int i = 0; i < threads; i++) {
				int thread = i;
				results.add(executor.submit(() -> {
					start.await();
					task.run(thread);
					return null;
				}));
			}
			for (Future<?> result : results) {
				result.get(10, TimeUnit.MINUTES);
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

	/** What one thread does. */
	@FunctionalInterface
	public interface Task {

		/**
		 * Does it.
		 * @param thread number of the thread
		 * @throws Exception if the test has failed
		 */
		void run(int thread) throws Exception;

	}

}
