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

package io.observability.logback;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.jspecify.annotations.Nullable;

/** Sends messages to a server that acknowledges each, and throws if it does not. */
final class LineAppender extends AppenderBase<ILoggingEvent> {

	private final int port;

	private @Nullable Socket socket;

	LineAppender(int port) {
		this.port = port;
	}

	@Override
	protected void append(ILoggingEvent event) {
		try {
			Socket socket = (this.socket != null) ? this.socket
					: new Socket(InetAddress.getLoopbackAddress(), this.port);
			this.socket = socket;
			socket.setTcpNoDelay(true);
			socket.getOutputStream().write((event.getFormattedMessage() + "\n").getBytes(StandardCharsets.UTF_8));
			if (socket.getInputStream().read() < 0) {
				throw new IOException("connection was closed");
			}
		}
		catch (IOException ex) {
			close();
			throw new UncheckedIOException(ex);
		}
	}

	private void close() {
		Socket socket = this.socket;
		this.socket = null;
		try {
			if (socket != null) {
				socket.close();
			}
		}
		catch (IOException ex) {
			// It is not used again.
		}
	}

	@Override
	public void stop() {
		super.stop();
		close();
	}

}
