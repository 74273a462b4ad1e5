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

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives the tests another home than the user's, where applications without a configured
 * store have their folders.
 */
public final class HomeOfTests implements BeforeAllCallback {

	private static final String MARK = HomeOfTests.class.getName();

	@Override
	public void beforeAll(ExtensionContext context) throws Exception {
		if (System.getProperty(MARK) == null) {
			Path home = Files.createDirectories(Path.of("target", "home").toAbsolutePath());
			System.setProperty("user.home", home.toString());
			System.setProperty(MARK, "true");
		}
	}

}
