package io.observability.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A new folder that goes when it is closed.
 *
 * @param path where it is
 */
record TemporaryFolder(Path path) implements Closeable {

	static TemporaryFolder create(String name) throws IOException {
		return new TemporaryFolder(Files.createTempDirectory("benchmark-" + name));
	}

	List<Path> files() throws IOException {
		return files(this.path);
	}

	static List<Path> files(Path folder) throws IOException {
		try (Stream<Path> files = Files.walk(folder)) {
			return files.filter(Files::isRegularFile).toList();
		}
	}

	@Override
	public void close() throws IOException {
		try (Stream<Path> files = Files.walk(this.path)) {
			for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
				Files.deleteIfExists(file);
			}
		}
	}

}
