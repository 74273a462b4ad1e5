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

package io.observability.sample;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One worker process, started again whenever it ends, until it is told to stop.
 */
final class Worker {

	private static final long RESTART_PAUSE_MILLIS = 500;

	private static final long STOP_SECONDS = 40;

	private final int number;

	private final List<String> command;

	private final Path output;

	private volatile boolean stopping;

	private volatile Process process;

	private Worker(int number, List<String> command, Path output, Process process) {
		this.number = number;
		this.command = command;
		this.output = output;
		this.process = process;
	}

	static Worker start(int number, List<String> command, Path output) throws IOException {
		Worker worker = new Worker(number, command, output, process(command, output));
		Thread thread = new Thread(worker::keepRunning, "worker-" + number);
		thread.start();
		return worker;
	}

	private static Process process(List<String> command, Path output) throws IOException {
		return new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
			.start();
	}

	private void keepRunning() {
		try {
			while (true) {
				int exit = this.process.waitFor();
				if (this.stopping) {
					return;
				}
				System.out.printf("worker %d (pid %d) has ended with %d, starting it again%n", this.number,
						this.process.pid(), exit);
				TimeUnit.MILLISECONDS.sleep(RESTART_PAUSE_MILLIS);
				synchronized (this) {
					if (this.stopping) {
						return;
					}
					this.process = process(this.command, this.output);
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (IOException ex) {
			System.out.printf("worker %d can't be started: %s%n", this.number, ex);
		}
	}

	/** Asks it to end; returns at once. */
	synchronized void stop() {
		this.stopping = true;
		this.process.destroy();
	}

	/** Waits for it to end, and ends it if it doesn't. */
	void awaitStop() throws InterruptedException {
		if (!this.process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
			this.process.destroyForcibly();
		}
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	int number() {
		return this.number;
	}

	long pid() {
		return this.process.pid();
	}

	Path output() {
		return this.output;
	}

}
