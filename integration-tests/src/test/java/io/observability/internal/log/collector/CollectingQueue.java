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
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

import io.observability.FullPolicy;
import io.observability.internal.instance.Instance;
import io.observability.internal.log.queue.LogQueue;
import io.observability.internal.task.TaskListener;

/**
 * The log of an instance without Logback: its queue, and its candidate for the collector.
 */
public final class CollectingQueue implements Closeable {

	private static final int MAX_BACKLOG = 1 << 20;

	private final LogQueue queue;

	private final Collector collector;

	private long time;

	private CollectingQueue(LogQueue queue, Collector collector) {
		this.queue = queue;
		this.collector = collector;
	}

	/**
	 * Opens a queue, and collects.
	 * @param instance whose queue it is
	 * @param log the merged file
	 * @return the queue
	 * @throws IOException if the queue can't be created
	 */
	public static CollectingQueue open(Instance instance, Path log) throws IOException {
		TaskListener listener = (task, cause) -> System.out.println("failed " + task + " " + cause);
		LogQueue queue = LogQueue.open(instance, MAX_BACKLOG, FullPolicy.BLOCK, CheckpointProgress.in(instance.store()),
				listener);
		return new CollectingQueue(queue,
				Collector.start(instance, queue, new FixedLogTarget(log), Duration.ZERO, listener));
	}

	/**
	 * Appends a line.
	 * @param text the line
	 */
	public void append(String text) {
		byte[] event = (text + "\n").getBytes(StandardCharsets.UTF_8);
		this.queue.append(Level.INFO, this.time++, event, event.length);
	}

	@Override
	public void close() throws IOException {
		this.queue.close();
		this.collector.close();
	}

}
