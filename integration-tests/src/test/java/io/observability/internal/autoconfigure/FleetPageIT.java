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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

import io.observability.testing.Browser;
import io.observability.testing.PrefixProxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The fleet page of two real processes in a real browser.
 */
class FleetPageIT {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private static final Path SCREENSHOTS = Path.of("target", "fleet-page");

	private static final int TAB = 9;

	@TempDir
	private static Path directory;

	private static Browser browser;

	private static FleetPageProcess first;

	private static FleetPageProcess second;

	/** Of another fleet, with other paths and ports in each test. */
	private static FleetPageProcess elsewhere;

	private final HttpClient client = HttpClient.newHttpClient();

	@BeforeAll
	static void start() throws IOException {
		browser = Browser.start(Files.createDirectory(directory.resolve("profile")));
		first = FleetPageProcess.start(directory);
		second = FleetPageProcess.start(directory);
	}

	@AfterAll
	static void stop() {
		for (FleetPageProcess process : new FleetPageProcess[] { first, second, elsewhere }) {
			if (process != null) {
				process.close();
			}
		}
		if (browser != null) {
			browser.close();
		}
	}

	@BeforeEach
	void open() {
		browser.resize(1440, 900, false);
		browser.open(first.url("/actuator/fleet"));
		await().atMost(TIMEOUT).untilAsserted(() -> assertThat(browser.texts("#status")).containsExactly("Live"));
	}

	@Test
	void chartsMoveUnderLoad() {
		await().atMost(TIMEOUT).untilAsserted(() -> {
			for (int i = 0; i < 20; i++) {
				get(second.url("/work"));
				get(second.url("/fail"));
			}
			assertThat(current("Requests", "all")).isPositive();
			assertThat(current("Errors", "5xx")).isPositive();
			assertThat(current("Errors", "4xx")).isZero();
			assertThat(current("Latency", "p50")).isPositive();
			assertThat(current("Latency", "p99")).isGreaterThanOrEqualTo(current("Latency", "p50"));
			assertThat(current("Heap", "all")).isPositive();
			assertThat(drawnLines("Requests")).isPositive();
		});
		assertThat(rows()).hasSize(2).allSatisfy((row) -> assertThat(row).contains("live").contains("MiB"));
		// The page's own polls do not count.
		await().atMost(TIMEOUT).untilAsserted(() -> assertThat(current("Requests", "all")).isZero());
	}

	/** The value behind a line's name over its chart. */
	private static double current(String chart, String line) {
		String text = browser
			.evaluate("[...document.querySelectorAll('figure')].find((figure) => figure.textContent.startsWith('"
					+ chart + "')).querySelector('.legend').textContent")
			.asString();
		int start = text.indexOf(line + " ") + line.length() + 1;
		String value = text.substring(start).split("[^0-9.,–]", 2)[0].replace(",", "");
		return value.equals("–") ? -1 : Double.parseDouble(value);
	}

	/** Pixels of the first line's colour. */
	private static int drawnLines(String chart) {
		return browser
			.evaluate(
					"""
							(() => {
								const canvas = [...document.querySelectorAll('figure')]
									.find((figure) => figure.textContent.startsWith('%s')).querySelector('canvas');
								const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
								let drawn = 0;
								for (let i = 0; i < pixels.length; i += 4) {
									drawn += pixels[i] === 0x0b && pixels[i + 1] === 0x5c && pixels[i + 2] === 0xd6 && pixels[i + 3] > 200;
								}
								return drawn;
							})()"""
						.formatted(chart))
			.asInt();
	}

	private static List<String> rows() {
		return browser.texts("#instances tr");
	}

	@Test
	void killedWorkerIsShownDeadAndANewOneAppears() {
		assertThat(rows()).hasSize(2).allMatch((row) -> row.contains("live"));
		String dead = Long.toString(second.pid());

		second.kill();
		await().atMost(TIMEOUT)
			.untilAsserted(
					() -> assertThat(rows()).anyMatch((row) -> row.contains("ended") && row.contains(dead)).hasSize(2));
		second = FleetPageProcess.start(directory);

		// It has taken the dead one's slot, which goes on being shown.
		await().atMost(TIMEOUT)
			.untilAsserted(() -> assertThat(rows()).hasSize(3)
				.anyMatch((row) -> row.contains("live") && row.contains(Long.toString(second.pid())))
				.anyMatch((row) -> row.contains("ended") && row.contains(dead)));
		assertThat(browser.errors()).isEmpty();
	}

	/** Neither when it was opened, nor the browser's clock. */
	@Test
	void instanceHasEndedWhenTheServerSaysSo() throws IOException {
		Path sign = directory.resolve("store/slots/1/alive");
		await().atMost(TIMEOUT).until(() -> Files.exists(sign));
		second.kill();
		Files.setLastModifiedTime(sign, FileTime.from(Instant.now().minusSeconds(66)));
		browser.open(first.url("/actuator/fleet"));
		await().atMost(TIMEOUT)
			.untilAsserted(() -> assertThat(rows()).anyMatch((row) -> row.matches(".*ended 1m \\d+s ago.*")));
		Files.setLastModifiedTime(sign, FileTime.from(Instant.now().minusSeconds(3600)));
		await().atMost(TIMEOUT).untilAsserted(() -> assertThat(rows()).noneMatch((row) -> row.contains("ended")));
		second = FleetPageProcess.start(directory);
	}

	@Test
	void pageAsksNobodyElse() {
		get(second.url("/work"));
		await().atMost(TIMEOUT).until(() -> polls() > 3);

		assertThat(browser.requests()).allMatch((url) -> url.startsWith(first.url("/actuator/fleet")));
		assertThat(browser.errors()).isEmpty();
	}

	private static long polls() {
		return browser.requests().stream().filter((url) -> url.contains("/actuator/fleet/live")).count();
	}

	@Test
	void markupInALogLineIsText() {
		log(first, "INFO", "<script>window.hacked = true</script><img src=x onerror='window.hacked = true'>");

		await().atMost(TIMEOUT)
			.untilAsserted(() -> assertThat(browser.texts("#lines div"))
				.anyMatch((line) -> line.contains("<script>window.hacked = true</script><img src=x")));
		assertThat(
				browser.evaluate("window.hacked === undefined && !document.querySelector('#lines div *')").asBoolean())
			.isTrue();
		assertThat(browser.errors()).isEmpty();
	}

	@Test
	void evenAScriptThatGotInWouldNotRun() {
		browser.evaluate("""
				(() => {
					const script = document.createElement('script');
					script.textContent = 'window.hacked = true';
					document.body.append(script);
				})()""");

		assertThat(browser.evaluate("window.hacked === undefined").asBoolean()).isTrue();
		assertThat(browser.errors()).anyMatch((error) -> error.contains("Content Security Policy"));
	}

	@Test
	void logIsFilteredByLevelAndInstance() {
		log(first, "INFO", "quiet one");
		log(first, "ERROR", "loud one");
		log(second, "WARN", "loud two");
		await().atMost(TIMEOUT)
			.untilAsserted(() -> assertThat(shownLines()).anyMatch((line) -> line.endsWith("quiet one"))
				.anyMatch((line) -> line.endsWith("loud one"))
				.anyMatch((line) -> line.endsWith("loud two")));

		select("level", "4");
		assertThat(shownLines()).anyMatch((line) -> line.endsWith("loud one"))
			.anyMatch((line) -> line.endsWith("loud two"))
			.noneMatch((line) -> line.endsWith("quiet one"));
		select("instance", "1");
		assertThat(shownLines()).anyMatch((line) -> line.endsWith("loud two"))
			.noneMatch((line) -> line.endsWith("loud one"));
		select("level", "0");
		select("instance", "");
		assertThat(shownLines()).anyMatch((line) -> line.endsWith("quiet one"));
		assertThat(browser.texts("#lines div.error")).anyMatch((line) -> line.endsWith("loud one"));
	}

	private static List<String> shownLines() {
		return browser.texts("#lines div:not([hidden])");
	}

	private static void select(String id, String value) {
		browser.evaluate("""
				(() => {
					document.getElementById('%1$s').value = '%2$s';
					document.getElementById('%1$s').dispatchEvent(new Event('change'));
				})()""".formatted(id, value));
	}

	@Test
	void everythingThatCanBeUsedIsReachedByKeyboard() {
		List<String> order = List.of("scrolling", "level", "instance", "follow", "lines");
		for (String expected : order) {
			browser.press("Tab", TAB);
			assertThat(browser.evaluate("document.activeElement.id || document.activeElement.className").asString())
				.isEqualTo(expected);
		}
	}

	@ParameterizedTest
	@CsvSource({ "1440, 900, false", "1440, 900, true", "390, 844, false", "390, 844, true" })
	void pageFitsAndIsAccessible(int width, int height, boolean dark) throws IOException {
		browser.resize(width, height, dark);
		log(first, "WARN", "nearly out of tea");
		log(second, "ERROR", "out of tea");
		for (int i = 0; i < 10; i++) {
			get(first.url("/work"));
		}
		await().atMost(TIMEOUT)
			.untilAsserted(() -> assertThat(browser.texts("#lines div.error"))
				.anyMatch((line) -> line.endsWith("out of tea")));
		Files.createDirectories(SCREENSHOTS);
		int polls = (int) polls();
		await().atMost(TIMEOUT).until(() -> polls() > polls + 2);
		browser.screenshot(SCREENSHOTS.resolve(width + (dark ? "-dark.png" : "-light.png")));

		assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt()).isLessThanOrEqualTo(width);
		assertThat(seriousFindings()).isEmpty();
	}

	private static List<String> seriousFindings() throws IOException {
		try (InputStream axe = FleetPageIT.class
			.getResourceAsStream("/META-INF/resources/webjars/axe-core/4.6.3/axe.js")) {
			browser.evaluate(new String(axe.readAllBytes(), StandardCharsets.UTF_8) + "; undefined");
		}
		JsonNode violations = browser.evaluate("axe.run().then((results) => results.violations)");
		return violations.valueStream()
			.filter((violation) -> List.of("serious", "critical").contains(violation.get("impact").asString()))
			.map(JsonNode::toString)
			.toList();
	}

	@Test
	void pageIsSmall() throws IOException {
		int bytes = 0;
		for (String query : List.of("", "?file=fleet.css", "?file=fleet.js", "?file=chart.js", "?file=fleet.svg")) {
			byte[] file = page(first.url("/actuator/fleet" + query)).body().getBytes(StandardCharsets.UTF_8);
			ByteArrayOutputStream zipped = new ByteArrayOutputStream();
			try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
				gzip.write(file);
			}
			bytes += zipped.size();
		}
		assertThat(bytes).isLessThan(100_000);

		System.out.printf("fleet page: %d bytes gzipped, first rates after %.0f ms%n", bytes, millisToFirstRates());
	}

	private static double millisToFirstRates() {
		browser.open(first.url("/actuator/fleet"));
		return browser.evaluate("""
				new Promise((resolve) => {
					const rates = 'figure .legend li:last-child span:last-child';
					const look = () => document.querySelector(rates)?.textContent
						? resolve(performance.now()) : requestAnimationFrame(look);
					look();
				})""").asDouble();
	}

	@ParameterizedTest
	@CsvSource({ "server, /shop/actuator/fleet, --server.servlet.context-path=/shop",
			"management, /actuator/fleet, --management.server.port=0",
			"management, /manage/ops/fleet, --management.server.port=0 --management.server.base-path=/manage --management.endpoints.web.base-path=/ops",
			"server, /shop/ops/who, --spring.main.web-application-type=reactive --spring.webflux.base-path=/shop --management.endpoints.web.base-path=/ops --management.endpoints.web.path-mapping.fleet=who",
			"management, /who, --spring.main.web-application-type=reactive --management.server.port=0 --management.endpoints.web.base-path=/ --management.endpoints.web.path-mapping.fleet=who" })
	void pageIsWhereActuatorIs(String server, String path, String options) throws IOException {
		startElsewhere(options.split(" ", -1));
		browser.open(elsewhere.url(server, path));
		await().atMost(TIMEOUT).untilAsserted(() -> {
			assertThat(browser.texts("#status")).containsExactly("Live");
			assertThat(rows()).hasSize(1).allMatch((row) -> row.contains("live"));
			assertThat(browser.texts("#lines div")).isNotEmpty();
		});
		assertThat(browser.errors()).isEmpty();
		for (String part : List.of("", "?file=fleet.js", "/live")) {
			assertHardened(get(elsewhere.url(server, path + part), "*/*"));
		}
	}

	private static void assertHardened(HttpResponse<String> response) {
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
			.contains("default-src 'none'", "frame-ancestors 'none'")
			.doesNotContain("unsafe");
		assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
		assertThat(response.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
		assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
	}

	/** As behind nginx with auth_basic, a strict add_header and a path of its own. */
	@Test
	void pageWorksWithCredentialsInItsAddressBehindAStrictPolicy() {
		try (PrefixProxy proxy = PrefixProxy.guarding(first.url(""), "/ops/shop", "admin:secret",
				Map.of("Content-Security-Policy", "default-src 'self'"))) {
			browser.open(proxy.url("admin:secret", "/actuator/fleet"));
			assertLive();
			assertThat(browser.evaluate("getComputedStyle(document.querySelector('header')).display").asString())
				.isEqualTo("flex");
			assertThat(browser.evaluate("globalThis.Chart !== undefined").asBoolean()).isTrue();
			assertThat(polls()).isPositive();
			assertThat(browser.errors()).isEmpty();
		}
	}

	@Test
	void pageIsReachedThroughALoginAndNoticesItsEnd() throws IOException {
		List<Path> security;
		try (Stream<Path> files = Files.list(Path.of("target", "security"))) {
			security = files.toList();
		}
		Path fleet = Files.createDirectory(directory.resolve("secured"));
		try (FleetPageProcess secured = FleetPageProcess.startWith(security, fleet, "--spring.security.user.name=admin",
				"--spring.security.user.password=secret", "--server.forward-headers-strategy=framework");
				PrefixProxy proxy = PrefixProxy.forwarding(secured.url(""), "/ops/shop")) {
			assertThat(get(secured.url("/actuator/fleet?file=fleet.js"), "*/*").statusCode()).isEqualTo(401);
			browser.open(proxy.url("", "/actuator/fleet"));
			assertThat(browser.evaluate("location.pathname").asString()).isEqualTo("/ops/shop/login");
			browser.evaluate("""
					(() => {
						document.querySelector('[name=username]').value = 'admin';
						document.querySelector('[name=password]').value = 'secret';
						document.querySelector('form').submit();
					})()""");
			assertLive();
			assertThat(browser.evaluate("location.pathname").asString()).isEqualTo("/ops/shop/actuator/fleet");
			// The page for signing in has some.
			assertThat(browser.errors()).noneMatch((error) -> error.contains("/actuator/fleet"));

			browser.clearCookies();
			await().atMost(TIMEOUT)
				.untilAsserted(() -> assertThat(browser.texts("#status"))
					.containsExactly("Signed out: reload the page to sign in again"));
		}
	}

	private static void assertLive() {
		await().atMost(TIMEOUT).untilAsserted(() -> {
			assertThat(browser.texts("#status")).containsExactly("Live");
			assertThat(rows()).anyMatch((row) -> row.contains("live"));
		});
	}

	private static void startElsewhere(String... options) throws IOException {
		if (elsewhere == null) {
			elsewhere = FleetPageProcess.start(Files.createDirectory(directory.resolve("elsewhere")), options);
		}
		else {
			elsewhere.restart(options);
		}
	}

	@Test
	void clientsThatDoNotAskForHtmlGetJson() {
		for (String accept : List.of("*/*", "application/json", "application/vnd.spring-boot.actuator.v3+json",
				"application/json, text/plain, */*")) {
			HttpResponse<String> response = get(first.url("/actuator/fleet"), accept);
			assertThat(response.headers().firstValue("Content-Type").orElseThrow()).as(accept)
				.isEqualTo(accept.startsWith("application/json") ? "application/json"
						: "application/vnd.spring-boot.actuator.v3+json");
			assertThat(response.body()).startsWith("{").contains("\"instances\":[");
		}
		assertThat(get(first.url("/actuator/fleet/nothing"), "*/*").statusCode()).isEqualTo(404);
		assertThat(page(first.url("/actuator/fleet")).headers().firstValue("Content-Type").orElseThrow())
			.isEqualTo("text/html;charset=UTF-8");
	}

	private HttpResponse<String> page(String url) {
		return get(url, "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8");
	}

	private void log(FleetPageProcess process, String level, String text) {
		get(process.url("/log?level=" + level + "&text=" + URLEncoder.encode(text, StandardCharsets.UTF_8)));
	}

	private void get(String url) {
		get(url, "*/*");
	}

	private HttpResponse<String> get(String url, String accept) {
		return this.client
			.sendAsync(HttpRequest.newBuilder(URI.create(url)).header("Accept", accept).build(),
					BodyHandlers.ofString())
			.join();
	}

}
