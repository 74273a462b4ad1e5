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

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * A real Chromium without a window, with one page, talked to by its DevTools protocol. It
 * keeps what the page asked for over the network, and every error of it.
 */
public final class Browser implements Closeable {

	private static final String PROGRAM = "chromium";

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final JsonMapper JSON = JsonMapper.shared();

	private final Process process;

	private final List<String> requests = new CopyOnWriteArrayList<>();

	private final List<String> errors = new CopyOnWriteArrayList<>();

	private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();

	private final AtomicInteger lastId = new AtomicInteger();

	private final WebSocket socket;

	private Browser(Process process, URI page) {
		this.process = process;
		this.socket = HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(page, new Messages()).join();
	}

	/**
	 * Starts the browser; the test is skipped if there is none.
	 * @param profile an empty folder
	 * @return the browser with an empty page
	 */
	public static Browser start(Path profile) {
		assumeTrue(isInstalled(), PROGRAM + " is not installed (Debian package: " + PROGRAM + ")");
		try {
			Process process = new ProcessBuilder(PROGRAM, "--headless=new", "--no-sandbox", "--disable-gpu",
					"--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
					"--no-first-run", "--force-color-profile=srgb", "--remote-debugging-port=0",
					"--user-data-dir=" + profile, "about:blank")
				.redirectErrorStream(true)
				.redirectOutput(profile.resolve("browser.out").toFile())
				.start();
			Browser browser = new Browser(process, pageOf(process, profile.resolve("DevToolsActivePort")));
			for (String domain : List.of("Page", "Network", "Runtime", "Log")) {
				browser.call(domain + ".enable", Map.of());
			}
			return browser;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static boolean isInstalled() {
		return Stream.of(System.getenv("PATH").split(File.pathSeparator))
			.anyMatch((directory) -> Files.isExecutable(Path.of(directory, PROGRAM)));
	}

	private static URI pageOf(Process process, Path portFile) throws IOException {
		await().atMost(PATIENCE).until(() -> {
			assertThat(process.isAlive()).as("browser lives").isTrue();
			return Files.exists(portFile) && Files.readAllLines(portFile).size() == 2;
		});
		String port = Files.readAllLines(portFile).get(0);
		HttpRequest newPage = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/new?about:blank"))
			.PUT(BodyPublishers.noBody())
			.build();
		String target = HttpClient.newHttpClient().sendAsync(newPage, BodyHandlers.ofString()).join().body();
		return URI.create(JSON.readTree(target).get("webSocketDebuggerUrl").asString());
	}

	/**
	 * Opens a page and waits until it is loaded.
	 * @param url of the page
	 */
	public void open(String url) {
		this.requests.clear();
		this.errors.clear();
		call("Page.navigate", Map.of("url", url));
		await().atMost(PATIENCE)
			.until(() -> evaluate("location.href !== 'about:blank' && document.readyState === 'complete'").asBoolean());
	}

	/** Forgets the cookies of all sites, as at the end of a session. */
	public void clearCookies() {
		call("Network.clearBrowserCookies", Map.of());
	}

	/**
	 * Evaluates an expression in the page, as a developer's console would, out of reach
	 * of the page's policy.
	 * @param expression of JavaScript; of a promise the outcome is taken
	 * @return its value
	 */
	public JsonNode evaluate(String expression) {
		JsonNode answer = call("Runtime.evaluate",
				Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
		assertThat(answer.has("exceptionDetails")).as(() -> answer.toString()).isFalse();
		return answer.get("result").path("value");
	}

	/**
	 * The text of all elements that a selector finds.
	 * @param selector of CSS
	 * @return the texts, in the order of the page
	 */
	public List<String> texts(String selector) {
		JsonNode texts = evaluate("[...document.querySelectorAll(" + JSON.writeValueAsString(selector)
				+ ")].map((element) => element.textContent)");
		return texts.valueStream().map(JsonNode::asString).toList();
	}

	/**
	 * Sets what the page is looked at with.
	 * @param width of the window
	 * @param height of the window
	 * @param dark whether its owner likes it dark
	 */
	public void resize(int width, int height, boolean dark) {
		call("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
		call("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
	}

	/**
	 * Presses and releases a key.
	 * @param key its name in the DOM, such as {@code Tab}
	 * @param code its Windows virtual key code
	 */
	public void press(String key, int code) {
		for (String type : List.of("rawKeyDown", "keyUp")) {
			call("Input.dispatchKeyEvent",
					Map.of("type", type, "key", key, "code", key, "windowsVirtualKeyCode", code));
		}
	}

	/**
	 * Takes a picture of the window.
	 * @param file to write it to
	 */
	public void screenshot(Path file) {
		JsonNode answer = call("Page.captureScreenshot", Map.of("format", "png"));
		try {
			Files.write(file, Base64.getDecoder().decode(answer.get("data").asString()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * What the page has asked for, since it was opened.
	 * @return URLs
	 */
	public List<String> requests() {
		return this.requests;
	}

	/**
	 * What went wrong in the page, since it was opened: exceptions, errors on the
	 * console, violations of its policy.
	 * @return texts
	 */
	public List<String> errors() {
		return this.errors;
	}

	private JsonNode call(String method, Map<String, ?> parameters) {
		int id = this.lastId.incrementAndGet();
		CompletableFuture<JsonNode> answer = new CompletableFuture<>();
		this.answers.put(id, answer);
		this.socket.sendText(JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters)), true)
			.join();
		return answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
	}

	private void received(JsonNode message) {
		if (message.has("id")) {
			CompletableFuture<JsonNode> answer = this.answers.remove(message.get("id").asInt());
			if (message.has("error")) {
				answer.completeExceptionally(new IOException(message.toString()));
			}
			else {
				answer.complete(message.get("result"));
			}
			return;
		}
		JsonNode parameters = message.path("params");
		switch (message.path("method").asString("")) {
			case "Network.requestWillBeSent" -> this.requests.add(parameters.at("/request/url").asString());
			case "Runtime.exceptionThrown" -> this.errors.add(parameters.toString());
			case "Runtime.consoleAPICalled" -> {
				if (List.of("error", "warning", "assert").contains(parameters.get("type").asString())) {
					this.errors.add(parameters.toString());
				}
			}
			case "Log.entryAdded" -> this.errors.add(parameters.toString());
			default -> {
				// Of no interest.
			}
		}
	}

	@Override
	public void close() {
		this.socket.abort();
		List<ProcessHandle> processes = this.process.descendants().toList();
		this.process.destroy();
		this.process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
		processes.forEach(ProcessHandle::destroyForcibly);
	}

	/** Puts together what comes in pieces. */
	private final class Messages implements WebSocket.Listener {

		private final StringBuilder text = new StringBuilder();

		@Override
		public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
			this.text.append(data);
			if (last) {
				received(JSON.readTree(this.text.toString()));
				this.text.setLength(0);
			}
			return WebSocket.Listener.super.onText(socket, data, last);
		}

	}

}
