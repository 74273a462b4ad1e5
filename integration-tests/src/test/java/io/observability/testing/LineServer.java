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

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A server for lines of text, which it acknowledges by a byte each. */
public final class LineServer implements Closeable {

	private final List<String> lines = new ArrayList<>();

	private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

	private volatile ServerSocket server;

	private int port;

	/** Starts the server, on the same port each time. */
	public void start() throws IOException {
		ServerSocket server = new ServerSocket();
		server.setReuseAddress(true);
		server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port));
		this.port = server.getLocalPort();
		this.server = server;
		Thread thread = new Thread(() -> accept(server), "line-server");
		thread.setDaemon(true);
		thread.start();
	}

	public int port() {
		return this.port;
	}

	/** Returns what was received, in the order of arrival. */
	public List<String> lines() {
		synchronized (this.lines) {
			return List.copyOf(this.lines);
		}
	}

	public int count() {
		synchronized (this.lines) {
			return this.lines.size();
		}
	}

	private void accept(ServerSocket server) {
		try {
			while (true) {
				Socket client = server.accept();
				this.clients.add(client);
				Thread thread = new Thread(() -> serve(client, server), "line-server-client");
				thread.setDaemon(true);
				thread.start();
			}
		}
		catch (IOException ex) {
			// It was stopped.
		}
	}

	private void serve(Socket client, ServerSocket server) {
		try (client;
				BufferedReader reader = new BufferedReader(
						new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
			for (String line = reader.readLine(); line != null && !server.isClosed(); line = reader.readLine()) {
				synchronized (this.lines) {
					this.lines.add(line);
				}
				client.getOutputStream().write('+');
			}
		}
		catch (IOException ex) {
			// The client has gone, or the server was stopped.
		}
	}

	@Override
	public void close() throws IOException {
		stop();
	}

	/** Stops the server: connections are closed, and new ones are refused. */
	public void stop() throws IOException {
		ServerSocket server = this.server;
		if (server != null) {
			server.close();
		}
		for (Socket client : this.clients) {
			client.close();
		}
		this.clients.clear();
	}

}
