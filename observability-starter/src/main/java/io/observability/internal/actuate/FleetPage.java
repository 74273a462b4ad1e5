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
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import org.jspecify.annotations.Nullable;
import org.springframework.util.MimeType;

/**
 * The page that shows the fleet, and its style, script, charting library and icon. They
 * are files of their own, because a content security policy of the application's may
 * forbid all scripts and styles inside a page. The page refers to them by queries
 * ({@code ?file=...}), which work wherever the endpoint is, and whatever a proxy makes of
 * its path.
 */
public final class FleetPage {

	/**
	 * Headers of all answers of the endpoint. Answers have lines of the log, so other
	 * sites must neither frame nor read them, and no cache keeps them.
	 */
	public static final Map<String, String> HEADERS = Map.of("Content-Security-Policy",
			"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
					+ "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
			"X-Content-Type-Options", "nosniff", "Referrer-Policy", "no-referrer", "Cross-Origin-Resource-Policy",
			"same-origin", "Cache-Control", "no-store");

	private static final String FOLDER = "io/observability/internal/actuate/";

	private static final String WEBJAR = "META-INF/maven/org.webjars.npm/chart.js/pom.properties";

	private static final String LIBRARY = "META-INF/resources/webjars/chart.js/%s/dist/chart.umd.min.js";

	/** Patterns of the class path resources that it is made of. */
	public static final List<String> RESOURCES = List.of(FOLDER + "fleet.*", WEBJAR, LIBRARY.formatted("*"));

	/** Removed, because a browser's developer tools would request the map. */
	private static final String SOURCE_MAP = "//# sourceMappingURL=.*";

	private static final MimeType SCRIPT = MimeType.valueOf("text/javascript;charset=UTF-8");

	private static final Map<String, MimeType> FILES = Map.of("fleet.js", SCRIPT, "fleet.css",
			MimeType.valueOf("text/css;charset=UTF-8"), "fleet.svg", MimeType.valueOf("image/svg+xml"));

	private FleetPage() {
	}

	/** Returns the page without its files. */
	static byte[] html() throws IOException {
		return read(FOLDER + "fleet.html");
	}

	/**
	 * Returns a file that the page refers to.
	 * @param name of the file
	 * @return the file, or null if there is none of that name
	 */
	static @Nullable PageFile file(String name) throws IOException {
		if (name.equals("chart.js")) {
			return new PageFile(library(), SCRIPT);
		}
		MimeType type = FILES.get(name);
		return (type != null) ? new PageFile(read(FOLDER + name), type) : null;
	}

	private static byte[] library() throws IOException {
		try (InputStream properties = open(WEBJAR)) {
			Properties webJar = new Properties();
			webJar.load(properties);
			String library = new String(read(LIBRARY.formatted(webJar.getProperty("version"))), StandardCharsets.UTF_8);
			return library.replaceAll(SOURCE_MAP, "").getBytes(StandardCharsets.UTF_8);
		}
	}

	private static byte[] read(String resource) throws IOException {
		try (InputStream input = open(resource)) {
			return input.readAllBytes();
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

}
