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

package io.observability.benchmarks;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * Requests over a few connections that are kept, each sent when the one before has been
 * answered. It does as little as it can beside the server, which shares the machine.
 */
final class HttpLoad {

	private static final int CONNECTIONS = 4;

	private final int port;

	private final byte[] request;

	/**
	 * Creates a load.
	 * @param port of the server, on this machine
	 * @param requestLine method and path, such as {@code GET /products/tea}
	 */
	HttpLoad(int port, String requestLine) {
		this.port = port;
		this.request = (requestLine + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII);
	}

	/** Sends requests, and returns when all have been answered. */
	void send(int requests) {
		List<CompletableFuture<Void>> connections = new ArrayList<>();
		for (int i = 0; i < CONNECTIONS; i++) {
			connections.add(CompletableFuture.runAsync(() -> sendOverOne(requests / CONNECTIONS),
					(task) -> new Thread(task, "load").start()));
		}
		connections.forEach(CompletableFuture::join);
	}

	private void sendOverOne(int requests) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setTcpNoDelay(true);
			InputStream input = new BufferedInputStream(socket.getInputStream());
			for (int i = 0; i < requests; i++) {
				socket.getOutputStream().write(this.request);
				readResponse(input);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void readResponse(InputStream input) throws IOException {
		String status = readLine(input);
		if (!status.startsWith("HTTP/1.1 2")) {
			throw new IOException("request failed: status=" + status);
		}
		long length = -1;
		for (String header = readLine(input); !header.isEmpty(); header = readLine(input)) {
			String lower = header.toLowerCase(Locale.ROOT);
			if (lower.startsWith("content-length:")) {
				length = Long.parseLong(lower.substring(lower.indexOf(':') + 1).trim());
			}
			else if (lower.equals("transfer-encoding: chunked")) {
				skipChunks(input);
				return;
			}
		}
		input.skipNBytes(length);
	}

	private static void skipChunks(InputStream input) throws IOException {
		int length;
		do {
			length = Integer.parseInt(readLine(input), 16);
			input.skipNBytes(length);
			readLine(input);
		}
		while (length > 0);
	}

	private static String readLine(InputStream input) throws IOException {
		StringBuilder line = new StringBuilder();
		for (int c = input.read(); c != '\n'; c = input.read()) {
			if (c < 0) {
				throw new EOFException("connection was closed");
			}
			if (c != '\r') {
				line.append((char) c);
			}
		}
		return line.toString();
	}

}
