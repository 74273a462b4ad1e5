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

package io.observability.internal.autoconfigure;

import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Fails the start with a description if the application has a version of Boot that this
 * artifact is not for. Without it the application would fail with a class that is not
 * found, or start without the merged view. Uses only what all versions of Boot have.
 */
class BootVersionListener implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	/** Before the starter's other listeners, which use what newer versions have. */
	@Override
	public int getOrder() {
		return LoggingApplicationListener.DEFAULT_ORDER - 4;
	}

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		UnsupportedBootVersionException problem = BootVersion.ofApplication().problem();
		if (problem != null) {
			throw problem;
		}
	}

}
