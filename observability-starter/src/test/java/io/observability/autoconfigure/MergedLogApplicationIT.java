package io.observability.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.observability.testing.ForkedJvm;
import io.observability.testing.LogFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications of Boot's in processes of their own, with no other setting than
 * {@code logging.file.name} and a store of the test's.
 */
class MergedLogApplicationIT {

	private static final Pattern EVENT = Pattern.compile("event (\\S+) (\\d+)");

	@TempDir
	private Path directory;

	@Test
	void instancesWriteOneRollingLog() throws IOException {
		String[] properties = properties("--logging.logback.rollingpolicy.max-file-size=100KB");
		try (ForkedJvm one = start(properties); ForkedJvm two = start(properties)) {
			one.send("log one 2000");
			two.send("log two 2000");
			one.awaitLine("done");
			two.awaitLine("done");
			one.terminate();
			two.terminate();
		}
		assertThat(events("one")).containsExactlyElementsOf(numbers(2000));
		assertThat(events("two")).containsExactlyElementsOf(numbers(2000));
		assertThat(pieces()).hasSizeGreaterThan(2);
		assertThat(queueFiles()).isEmpty();
	}

	private ForkedJvm start(String... properties) {
		ForkedJvm jvm = ForkedJvm.start(LoggingApplication.class, Map.of(), properties);
		jvm.awaitLine("started");
		return jvm;
	}

	private String[] properties(String... more) {
		return Stream
			.concat(Stream.of("--logging.file.name=" + this.directory.resolve("app.log"),
					"--observability.store.directory=" + this.directory.resolve("store")), Stream.of(more))
			.toArray(String[]::new);
	}

	private List<Path> pieces() throws IOException {
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.filter((file) -> file.getFileName().toString().startsWith("app.log")).toList();
		}
	}

	private List<Path> queueFiles() throws IOException {
		try (Stream<Path> files = Files.walk(this.directory.resolve("store"))) {
			return files.filter((file) -> file.getFileName().toString().startsWith("log-")).toList();
		}
	}

	private List<Integer> events(String prefix) throws IOException {
		List<Integer> numbers = new ArrayList<>();
		for (String line : LogFiles.lines(this.directory.resolve("app.log"))) {
			Matcher event = EVENT.matcher(line);
			if (event.find() && event.group(1).equals(prefix)) {
				numbers.add(Integer.valueOf(event.group(2)));
			}
		}
		return numbers;
	}

	private static List<Integer> numbers(int count) {
		return Stream.iterate(1, (number) -> number + 1).limit(count).toList();
	}

}
