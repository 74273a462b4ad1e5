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

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A process that is talked to by lines and ends with its standard input, so that none is
 * left behind however this one ends.
 */
final class ChildProcess implements Closeable {

	private final Process process;

	private final BufferedReader lines;

	private ChildProcess(Process process, BufferedReader lines) {
		this.process = process;
		this.lines = lines;
	}

	static ChildProcess start(List<String> command, Map<String, String> environment) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.INHERIT);
		builder.environment().putAll(environment);
		Process process = builder.start();
		return new ChildProcess(process, process.inputReader(StandardCharsets.UTF_8));
	}

	/** Starts a JVM with this one's class path. */
	static ChildProcess startJvm(List<String> options, Class<?> main, List<String> arguments) throws IOException {
		List<String> command = new ArrayList<>(javaCommand(options));
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
		command.addAll(arguments);
		return start(command, Map.of());
	}

	/** The beginning of a command that starts a JVM such as this one. */
	static List<String> javaCommand(List<String> options) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(options);
		return command;
	}

	long pid() {
		return this.process.pid();
	}

	/** Sends a line. */
	void tell(String line) throws IOException {
		this.process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
		this.process.getOutputStream().flush();
	}

	/** Sends a line and returns the one that it answers. */
	String ask(String line) throws IOException {
		tell(line);
		return awaitLine("");
	}

	/** Waits for a line that holds a text; lines before it are skipped. */
	String awaitLine(String text) throws IOException {
		String line = this.lines.readLine();
		while (line != null && !line.contains(text)) {
			line = this.lines.readLine();
		}
		if (line == null) {
			throw new EOFException("process has ended: pid=" + this.process.pid() + ", wanted=" + text);
		}
		return line;
	}

	/** Goes on reading what it prints, to nowhere. */
	void ignoreOutput() {
		Thread reader = new Thread(() -> {
			try {
				this.lines.lines().forEach((line) -> {
				});
			}
			catch (UncheckedIOException ex) {
				// It was killed.
			}
		}, "output-of-" + this.process.pid());
		reader.setDaemon(true);
		reader.start();
	}

	/** Time that processors have spent on it. */
	Duration processorTime() {
		return this.process.info().totalCpuDuration().orElseThrow();
	}

	/** Kills it as {@code kill -9} does. */
	void kill() {
		this.process.destroyForcibly();
		awaitEnd();
	}

	/** Lets it end in good order. */
	@Override
	public void close() throws IOException {
		this.process.getOutputStream().close();
		awaitEnd();
	}

	private void awaitEnd() {
		try {
			this.process.waitFor();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
