package io.observability.sample;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Runs the shop as several processes, as {@code gunicorn -w 4} would: all on one port
 * where the system can share it, and each on a port of its own to be looked at singly.
 * Starts another worker for one that dies, and ends them all when it is ended itself.
 */
final class Fleet {

	/** Elsewhere one port can be shared too, but one worker gets all connections. */
	private static final boolean portIsShared = System.getProperty("os.name").equals("Linux");

	private final FleetOptions options;

	private final List<Worker> workers = new CopyOnWriteArrayList<>();

	private Fleet(FleetOptions options) {
		this.options = options;
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		try {
			Fleet fleet = new Fleet(FleetOptions.parse(args));
			fleet.start();
			fleet.tellWhereToLook();
			fleet.keepRunning();
		}
		catch (IllegalArgumentException | IllegalStateException ex) {
			System.err.println(ex.getMessage());
			System.err.println(FleetOptions.USAGE);
			System.exit(1);
		}
	}

	private void start() throws IOException, InterruptedException {
		for (int port = mainPort(); port <= ownPort(this.options.workers()); port++) {
			checkFree(port);
		}
		Files.createDirectories(this.options.directory());
		Runtime.getRuntime().addShutdownHook(new Thread(this::stop));
		System.out.printf("Starting %d workers ...%n", this.options.workers());
		for (int number = 1; number <= this.options.workers(); number++) {
			this.workers.add(Worker.start("worker " + number, ownPort(number), output(number), command(number)));
		}
		for (Worker worker : this.workers) {
			worker.awaitReady();
		}
	}

	private void keepRunning() throws IOException, InterruptedException {
		while (true) {
			TimeUnit.SECONDS.sleep(1);
			for (Worker worker : this.workers) {
				worker.keepRunning();
			}
		}
	}

	private void stop() {
		this.workers.forEach(Worker::stop);
		this.workers.forEach(Worker::awaitEnd);
	}

	private void tellWhereToLook() {
		String url = "http://localhost:" + mainPort();
		System.out.printf("""

				metrics of all   %1$s/actuator/prometheus
				the fleet        %1$s/actuator/fleet
				log of all       %2$s
				""", url, log());
		this.workers
			.forEach((worker) -> System.out.printf("%-16s %s   pid %d%n", worker.name(), worker.url(), worker.pid()));
		System.out.printf("""

				Load:  while sleep 0.01; do curl -s -o /dev/null -X POST "%s/orders?product=$((RANDOM %% 5 + 1))"; done
				Kill:  kill -9 %d   (another takes its place; what it had counted and logged stays)
				Stop:  Ctrl-C

				""", url, this.workers.get(0).pid());
	}

	private List<String> command(int number) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.add("-D" + ShopApplication.WORKER + "=true");
		command.add("-cp");
		command.add(System.getProperty("java.class.path"));
		if (Fleet.class.getClassLoader() == ClassLoader.getSystemClassLoader()) {
			command.add(ShopApplication.class.getName());
		}
		else {
			// in Spring Boot's executable jar
			command.add("-Dloader.main=" + ShopApplication.class.getName());
			command.add("org.springframework.boot.loader.launch.PropertiesLauncher");
		}
		if (portIsShared) {
			command.add("--server.port=" + mainPort());
			command.add("--shop.own-port=" + ownPort(number));
		}
		else {
			command.add("--server.port=" + ownPort(number));
		}
		command.add("--observability.store.directory=" + this.options.directory().resolve("store"));
		command.add("--logging.file.name=" + log());
		command.add("--logging.threshold.console=warn");
		command.addAll(this.options.workerArguments());
		return command;
	}

	/** Where requests go: the shared port, or the first worker. */
	private int mainPort() {
		return portIsShared ? this.options.port() : ownPort(1);
	}

	private int ownPort(int number) {
		return this.options.port() + number;
	}

	private Path log() {
		return this.options.directory().resolve("shop.log");
	}

	private Path output(int number) {
		return this.options.directory().resolve("worker-" + number + ".out");
	}

	/** Binds as nobody who shares does, so that a second fleet is noticed too. */
	private static void checkFree(int port) {
		try (ServerSocket socket = new ServerSocket(port)) {
			socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new IllegalStateException("port is taken: port=%d".formatted(port), ex);
		}
	}

}
