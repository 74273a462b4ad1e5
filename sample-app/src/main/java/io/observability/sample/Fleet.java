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

package io.observability.sample;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Starts several workers under one launcher, as {@code gunicorn -w 4} would: on one
 * shared port where the system can do that, and each on a port of its own. Options:
 * {@code --workers=4 --port=8080 --dir=target/fleet}; all others go to the workers.
 */
public final class Fleet {

	private static final String WORKER = "worker";

	private static final long POLL_MILLIS = 200;

	private final Options options;

	private final boolean sharesPort;

	private final List<Worker> workers = new ArrayList<>();

	private Fleet(Options options, boolean sharesPort) {
		this.options = options;
		this.sharesPort = sharesPort;
	}

	/**
	 * Starts the launcher, or, with a first argument of {@code worker}, one worker.
	 * @param args options of the launcher, or of the worker
	 * @throws Exception if the workers can't be started
	 */
	public static void main(String[] args) throws Exception {
		if (args.length > 0 && args[0].equals(WORKER)) {
			ShopApplication.main(Arrays.copyOfRange(args, 1, args.length));
			return;
		}
		Fleet fleet = new Fleet(Options.parse(args), canSharePort());
		fleet.requireFreePorts();
		Runtime.getRuntime().addShutdownHook(new Thread(fleet::stop, "stop"));
		fleet.start();
		fleet.awaitReady();
		fleet.printWhereToLook();
	}

	private static boolean canSharePort() throws IOException {
		try (ServerSocketChannel channel = ServerSocketChannel.open()) {
			return channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT);
		}
	}

	private void requireFreePorts() {
		for (int number = 0; number <= this.options.workers(); number++) {
			int port = this.options.port() + number;
			try (ServerSocket socket = new ServerSocket()) {
				socket.setReuseAddress(true);
				socket.bind(new InetSocketAddress(port));
			}
			catch (IOException ex) {
				System.err.printf("port %d is taken: end who has it, or choose another with --port=%n", port);
				System.exit(1);
			}
		}
	}

	private void start() throws IOException {
		Files.createDirectories(this.options.dir());
		System.out.printf("starting %d workers ...%n", this.options.workers());
		for (int number = 1; number <= this.options.workers(); number++) {
			this.workers
				.add(Worker.start(number, command(number), this.options.dir().resolve("worker-" + number + ".out")));
		}
	}

	private List<String> command(int number) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		String classPath = System.getProperty("java.class.path");
		if (classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator)) {
			command.addAll(List.of("-jar", classPath));
		}
		else {
			command.addAll(List.of("-cp", classPath, Fleet.class.getName()));
		}
		command.addAll(List.of(WORKER, "--server.port=" + port(number), "--shop.dir=" + this.options.dir(),
				"--shop.launched=true"));
		if (this.sharesPort) {
			command.add("--shop.shared-port=" + this.options.port());
		}
		command.addAll(this.options.forWorkers());
		return command;
	}

	private int port(int number) {
		return this.options.port() + number;
	}

	private String url(int port) {
		return "http://localhost:" + port;
	}

	private void awaitReady() throws InterruptedException {
		HttpClient client = HttpClient.newHttpClient();
		for (Worker worker : this.workers) {
			URI health = URI.create(url(port(worker.number())) + "/actuator/health");
			while (!isReady(client, health)) {
				TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
			}
		}
	}

	private static boolean isReady(HttpClient client, URI health) throws InterruptedException {
		try {
			return client.send(HttpRequest.newBuilder(health).build(), BodyHandlers.discarding()).statusCode() == 200;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private void printWhereToLook() {
		String shop = url(this.sharesPort ? this.options.port() : port(1));
		System.out.printf("%nThe shop is open: %s/products%n%n", shop);
		for (Worker worker : this.workers) {
			System.out.printf("  worker %d   %s   pid %d%n", worker.number(), url(port(worker.number())), worker.pid());
		}
		long pid = this.workers.get(0).pid();
		System.out.printf("""

				  merged metrics   curl -s %1$s/actuator/prometheus | grep shop_
				  the fleet        curl -s %1$s/actuator/fleet
				  merged log       tail -f %2$s
				  some load        for i in $(seq 1000); do curl -s -o /dev/null -d product=tea %1$s/orders; done
				  kill a worker    kill -9 %3$d    (it is started again, and nothing is lost)
				  stop             Ctrl-C

				""", shop, this.options.dir().resolve("shop.log"), pid);
	}

	private void stop() {
		this.workers.forEach(Worker::stop);
		try {
			for (Worker worker : this.workers) {
				worker.awaitStop();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Options of the launcher.
	 *
	 * @param workers number of worker processes
	 * @param port the shared port; the workers' own are the following ones
	 * @param dir folder for the store, the log and what the workers print
	 * @param forWorkers all other options, which are Spring Boot's
	 */
	private record Options(int workers, int port, Path dir, List<String> forWorkers) {

		static Options parse(String[] args) {
			List<String> forWorkers = new ArrayList<>();
			int workers = 4;
			int port = 8080;
			Path dir = Path.of("target", "fleet");
			for (String arg : args) {
				String value = arg.substring(arg.indexOf('=') + 1);
				if (arg.startsWith("--workers=")) {
					workers = Integer.parseInt(value);
				}
				else if (arg.startsWith("--port=")) {
					port = Integer.parseInt(value);
				}
				else if (arg.startsWith("--dir=")) {
					dir = Path.of(value);
				}
				else {
					forWorkers.add(arg);
				}
			}
			return new Options(workers, port, dir.toAbsolutePath(), forWorkers);
		}

	}

}
