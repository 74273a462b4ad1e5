package io.observability.sample;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A place in a {@link Fleet}: one process, and when it has died the next one.
 */
class Worker {

	private static final int STOP_SECONDS = 20;

	private final String name;

	private final int port;

	private final Path output;

	private final ProcessBuilder builder;

	private Process process;

	private boolean stopped;

	private Worker(String name, int port, Path output, ProcessBuilder builder, Process process) {
		this.name = name;
		this.port = port;
		this.output = output;
		this.builder = builder;
		this.process = process;
	}

	/**
	 * Starts a worker.
	 * @param name what to call it
	 * @param port the port that is its own
	 * @param output file for what it prints
	 * @param command its command line
	 * @return the worker
	 * @throws IOException if no process can be started
	 */
	static Worker start(String name, int port, Path output, List<String> command) throws IOException {
		// Standard input stays a pipe: when it ends, the process knows that we are gone.
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
		return new Worker(name, port, output, builder, builder.start());
	}

	void awaitReady() throws InterruptedException {
		while (!answers()) {
			if (this.process.waitFor(100, TimeUnit.MILLISECONDS)) {
				throw new IllegalStateException("%s does not start: exit=%d, output=%s".formatted(this.name,
						this.process.exitValue(), this.output));
			}
		}
	}

	/** Starts another process if the current one has ended. */
	synchronized void keepRunning() throws IOException {
		if (this.stopped || this.process.isAlive()) {
			return;
		}
		Process ended = this.process;
		this.process = this.builder.start();
		System.out.printf("%s: pid %d has ended with %d, pid %d takes its place%n", this.name, ended.pid(),
				ended.exitValue(), this.process.pid());
	}

	/** Asks the process to end, and starts no other. */
	synchronized void stop() {
		this.stopped = true;
		this.process.destroy();
	}

	void awaitEnd() {
		try {
			if (!this.process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
				System.out.println(this.name + " does not end, and is killed");
				this.process.destroyForcibly();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private boolean answers() {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

	String name() {
		return this.name;
	}

	String url() {
		return "http://localhost:" + this.port;
	}

	synchronized long pid() {
		return this.process.pid();
	}

}
