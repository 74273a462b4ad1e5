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

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Ends a worker whose launcher is gone, however it went: the pipe between them closes.
 */
@Component
@ConditionalOnProperty("shop.launched")
class LauncherWatch {

	@EventListener
	void ready(ApplicationReadyEvent event) {
		Thread thread = new Thread(() -> endWithLauncher(event.getApplicationContext()), "launcher-watch");
		thread.setDaemon(true);
		thread.start();
	}

	private static void endWithLauncher(ConfigurableApplicationContext context) {
		try {
			while (System.in.read() >= 0) {
				// The launcher says nothing.
			}
		}
		catch (IOException ex) {
			// As good as closed.
		}
		System.exit(SpringApplication.exit(context));
	}

}
