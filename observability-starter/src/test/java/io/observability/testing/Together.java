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
				result.get(60, TimeUnit.SECONDS);
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
