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

package io.observability.logback;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;

import ch.qos.logback.classic.LoggerContext;
import org.slf4j.Logger;

/**
 * Lets log calls overflow the stack at random depths, and logs a line after each time.
 */
public final class StackOverflowMain {

	private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

	private static final long STACK_BYTES = 400_000;

	/** How far from the end of the stack it begins to log. */
	private static final int FRAMES_WITH_LOG = 60;

	private final Logger logger;

	private final String name;

	private int depth;

	private StackOverflowMain(Logger logger, String name) {
		this.logger = logger;
		this.name = name;
	}

	public static void main(String[] args) throws Exception {
		LoggerContext context = new LoggerContext();
		QueueAppender appender = LogWriterMain.appender(context, Path.of(args[0]));
		appender.start();
		context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
		StackOverflowMain main = new StackOverflowMain(context.getLogger("deep"), args[1]);
		Thread thread = new Thread(null, () -> main.run(Integer.parseInt(args[2])), "deep", STACK_BYTES);
		thread.start();
		thread.join();
		context.stop();
		OUT.println("stopped");
	}

	private void run(int errors) {
		// A class that is loaded at the end of the stack can be broken for good.
		this.logger.info("deep");
		Random random = new Random(errors);
		int limit = 500;
		for (int i = 0; i < errors; i++) {
			try {
				this.depth = 0;
				down(Math.max(0, limit - random.nextInt(FRAMES_WITH_LOG)));
			}
			catch (StackOverflowError ex) {
				limit = this.depth;
			}
			this.logger.info("{} after {}", this.name, i);
		}
	}

	@SuppressWarnings("InfiniteRecursion") // on purpose
	private void down(int silent) {
		this.depth++;
		if (silent <= 0) {
			this.logger.info("deep");
		}
		down(silent - 1);
	}

}
