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

package io.observability.internal.actuate;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Properties;

/**
 * The page that shows the fleet. It is one response that includes its scripts and style,
 * and the charting library from its WebJar. Its content security policy names them by
 * their hashes, so that no other script runs.
 */
final class FleetPage {

	private static final String WEBJAR = "META-INF/maven/org.webjars.npm/chart.js/pom.properties";

	private static final String LIBRARY = "META-INF/resources/webjars/chart.js/%s/dist/chart.umd.min.js";

	/** Removed, because a browser's developer tools would request the map. */
	private static final String SOURCE_MAP = "//# sourceMappingURL=.*";

	private FleetPage() {
	}

	/** Renders the page. */
	static byte[] render() {
		try {
			String style = own("fleet.css");
			String script = own("fleet.js");
			String library = library();
			String policy = "default-src 'none'; base-uri 'none'; form-action 'none'; connect-src 'self'; img-src data:; "
					+ "script-src %s %s; style-src %s".formatted(hash(library), hash(script), hash(style));
			return own("fleet.html").replace("{{policy}}", policy)
				.replace("{{style}}", style)
				.replace("{{script}}", script)
				.replace("{{library}}", library)
				.getBytes(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String own(String name) throws IOException {
		return text("io/observability/internal/actuate/" + name);
	}

	private static String library() throws IOException {
		try (InputStream properties = open(WEBJAR)) {
			Properties webJar = new Properties();
			webJar.load(properties);
			return text(LIBRARY.formatted(webJar.getProperty("version"))).replaceAll(SOURCE_MAP, "");
		}
	}

	private static String text(String resource) throws IOException {
		try (InputStream input = open(resource)) {
			return new String(input.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	private static InputStream open(String resource) throws IOException {
		InputStream input = FleetPage.class.getClassLoader().getResourceAsStream(resource);
		if (input == null) {
			throw new FileNotFoundException(
					"fleet page is incomplete, resource is not on the class path: resource=" + resource);
		}
		return input;
	}

	private static String hash(String text) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
			return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
