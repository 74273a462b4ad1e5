package io.observability.sample;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * What the launcher was asked for.
 *
 * @param workers how many processes
 * @param port the port that all share; each has one of its own after it
 * @param directory folder for store, log and output
 * @param workerArguments everything else, for Spring Boot in the workers
 */
record FleetOptions(int workers, int port, Path directory, List<String> workerArguments) {

	static final String USAGE = "options: --workers 4 --port 8080 --dir target/fleet, and any property of a worker as --name=value";

	static FleetOptions parse(String... args) {
		int workers = 4;
		int port = 8080;
		Path directory = Path.of("target", "fleet");
		List<String> workerArguments = new ArrayList<>();
		for (Iterator<String> remaining = List.of(args).iterator(); remaining.hasNext();) {
			String argument = remaining.next();
			switch (argument) {
				case "--workers" -> workers = number(argument, value(argument, remaining), 64);
				case "--port" -> port = number(argument, value(argument, remaining), 65_000);
				case "--dir" -> directory = Path.of(value(argument, remaining));
				default -> workerArguments.add(workerArgument(argument));
			}
		}
		return new FleetOptions(workers, port, directory.toAbsolutePath().normalize(), List.copyOf(workerArguments));
	}

	private static String value(String option, Iterator<String> remaining) {
		if (!remaining.hasNext()) {
			throw new IllegalArgumentException("value missing: option=" + option);
		}
		return remaining.next();
	}

	private static int number(String option, String value, int max) {
		int number = value.matches("\\d{1,9}") ? Integer.parseInt(value) : 0;
		if (number < 1 || number > max) {
			throw new IllegalArgumentException("not valid: %s=%s, min=1, max=%d".formatted(option, value, max));
		}
		return number;
	}

	private static String workerArgument(String argument) {
		if (!argument.matches("--[^=]+=.*")) {
			throw new IllegalArgumentException("unknown option: " + argument);
		}
		return argument;
	}

}
