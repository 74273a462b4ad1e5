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

import java.io.IOException;
import java.util.Map;

import org.apache.commons.logging.LogFactory;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.SpringProperties;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.util.StringUtils;

/**
 * Gives an application that serves nobody a store of its own, before anything asks for
 * its store: one in a {@code @SpringBootTest} without a configured store, so that it
 * leaves no counts and lines in the application's, and one in a training run for class
 * data sharing, so that it leaves nothing in the image that is built.
 */
class TemporaryStoreListener implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	/** Spring Boot's test support sets it. */
	private static final String TEST_PROPERTY = "org.springframework.boot.test.context.SpringBootTestContextBootstrapper";

	private static final String SOURCE = "observabilityTemporaryStore";

	@Override
	public int getOrder() {
		return LoggingApplicationListener.DEFAULT_ORDER - 3;
	}

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		ConfigurableEnvironment environment = event.getEnvironment();
		if (!ObservabilityAutoConfiguration.isEnabled(environment)) {
			return;
		}
		try {
			MutablePropertySources sources = environment.getPropertySources();
			if (isTraining()) {
				sources.addFirst(newStore());
			}
			else if (isTest(environment)) {
				sources.addLast(newStore());
			}
		}
		catch (IOException ex) {
			LogFactory.getLog(TemporaryStoreListener.class)
				.warn("temporary store can't be created, the application's own is used: cause=" + ex);
		}
	}

	private static MapPropertySource newStore() throws IOException {
		return new MapPropertySource(SOURCE,
				Map.of(StoreLocation.DIRECTORY_PROPERTY, TemporaryStore.create().toString()));
	}

	private static boolean isTest(Environment environment) {
		return environment.getProperty(TEST_PROPERTY, Boolean.class, false)
				&& !StringUtils.hasText(environment.getProperty(StoreLocation.DIRECTORY_PROPERTY));
	}

	/** Spring ends the process when the context is refreshed, without a shutdown. */
	static boolean isTraining() {
		return "onRefresh".equalsIgnoreCase(SpringProperties.getProperty("spring.context.exit"));
	}

}
