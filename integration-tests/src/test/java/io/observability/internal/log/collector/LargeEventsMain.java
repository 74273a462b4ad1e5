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
import java.lang.System.Logger.Level;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

import io.observability.FullPolicy;
import io.observability.internal.instance.Instance;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.queue.LogQueue;
import io.observability.internal.task.TaskListener;

/**
 * Writes events of some sizes, and collects them itself.
 */
public final class LargeEventsMain {

	private static final int MAX_BACKLOG = 128 << 20;

	private LargeEventsMain() {
	}

	/** The arguments are a folder and lengths of events. */
	@SuppressWarnings("try") // the queue is closed before the collector
	public static void main(String[] args) throws IOException {
		Path directory = Path.of(args[0]);
		StoreDirectory store = StoreDirectory.open(directory.resolve("store"));
		TaskListener listener = (task, cause) -> System.out.println("failed " + task + " " + cause);
		try (Instance instance = Instance.join(store, null);
				LogQueue queue = LogQueue.open(instance, MAX_BACKLOG, FullPolicy.BLOCK, CheckpointProgress.in(store),
						listener);
				Collector collector = Collector.start(instance, queue, new FixedLogTarget(directory.resolve("app.log")),
						Duration.ZERO, listener)) {
			for (int i = 1; i < args.length; i++) {
				byte[] event = new byte[Integer.parseInt(args[i])];
				Arrays.fill(event, (byte) ('0' + i));
				System.out.println("taken " + queue.append(Level.INFO, i, event, event.length));
			}
			queue.close();
		}
		long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)
			.stream()
			.filter((pool) -> pool.getName().equals("direct"))
			.mapToLong(BufferPoolMXBean::getMemoryUsed)
			.sum();
		System.out.println("direct " + direct);
	}

}
