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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * A proxy that makes a server available below a path, as nginx does with
 * {@code proxy_pass}, and adds headers to its answers.
 */
public final class PrefixProxy implements Closeable {

	/** Headers that concern one connection. */
	private static final List<String> OF_CONNECTION = List.of("connection", "content-length", "host", "keep-alive",
			"transfer-encoding", "upgrade");

	private static final int UNAUTHORIZED = 401;

	private final HttpClient client = HttpClient.newHttpClient();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final HttpServer server;

	private final String target;

	private final String prefix;

	private final Map<String, String> requestHeaders;

	private final Map<String, String> responseHeaders;

	/** What a client has to send, or nothing. */
	private final String authorization;

	private PrefixProxy(HttpServer server, String target, String prefix, Map<String, String> requestHeaders,
			Map<String, String> responseHeaders, String authorization) {
		this.server = server;
		this.target = target;
		this.prefix = prefix;
		this.requestHeaders = requestHeaders;
		this.responseHeaders = responseHeaders;
		this.authorization = authorization;
		server.setExecutor(this.threads);
		server.createContext(prefix, this::answer);
		server.start();
	}

	/**
	 * Starts a proxy that reports its prefix to the server.
	 * @param target URL of the server
	 * @param prefix path of the proxy
	 * @return the proxy
	 */
	public static PrefixProxy forwarding(String target, String prefix) {
		HttpServer server = bind();
		return new PrefixProxy(server, target, prefix, Map.of("X-Forwarded-Prefix", prefix, "X-Forwarded-Host",
				"localhost:" + server.getAddress().getPort(), "X-Forwarded-Proto", "http"), Map.of(), "");
	}

	/**
	 * Starts a proxy of which the server knows nothing, and that asks for a password.
	 * @param target URL of the server
	 * @param prefix path of the proxy
	 * @param user name and password, with a colon between them
	 * @param responseHeaders are added to all answers
	 * @return the proxy
	 */
	public static PrefixProxy guarding(String target, String prefix, String user, Map<String, String> responseHeaders) {
		String credentials = Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
		return new PrefixProxy(bind(), target, prefix, Map.of(), responseHeaders, "Basic " + credentials);
	}

	private static HttpServer bind() {
		try {
			return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The URL of a page behind the proxy.
	 * @param user name and password for the URL, or nothing
	 * @param path of the page on the server
	 * @return the URL
	 */
	public String url(String user, String path) {
		return "http://" + (user.isEmpty() ? "" : user + "@") + "localhost:" + this.server.getAddress().getPort()
				+ this.prefix + path;
	}

	private void answer(HttpExchange exchange) throws IOException {
		try (exchange) {
			String authorization = exchange.getRequestHeaders().getFirst("Authorization");
			if (!this.authorization.isEmpty() && !this.authorization.equals(authorization)) {
				exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"ops\"");
				exchange.sendResponseHeaders(UNAUTHORIZED, -1);
				return;
			}
			HttpResponse<byte[]> response = this.client.sendAsync(request(exchange), BodyHandlers.ofByteArray()).join();
			response.headers().map().forEach((name, values) -> {
				if (!OF_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
					exchange.getResponseHeaders().put(name, new ArrayList<>(values));
				}
			});
			this.responseHeaders.forEach(exchange.getResponseHeaders()::add);
			byte[] body = response.body();
			exchange.sendResponseHeaders(response.statusCode(), (body.length > 0) ? body.length : -1);
			exchange.getResponseBody().write(body);
		}
	}

	private HttpRequest request(HttpExchange exchange) throws IOException {
		String path = exchange.getRequestURI().toString().substring(this.prefix.length());
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.target + path))
			.method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
		exchange.getRequestHeaders().forEach((name, values) -> {
			if (!OF_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
				values.forEach((value) -> request.header(name, value));
			}
		});
		this.requestHeaders.forEach(request::header);
		return request.build();
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

}
