package io.observability.benchmarks;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The sample application as users would deploy it, with and without the starter: the same
 * jars but for one.
 */
final class Shop implements Closeable {

	private static final Path JAR = Path.of("sample-app", "target", "sample-app.jar");

	private static final String MAIN = "io.observability.sample.ShopApplication";

	private static final List<String> JVM_OPTIONS = List.of("-Xms256m", "-Xmx256m");

	private final TemporaryFolder folder;

	private int started;

	private Shop(TemporaryFolder folder) {
		this.folder = folder;
	}

	/** Unpacks the application. */
	static Shop unpack() throws IOException {
		if (!Files.exists(JAR)) {
			throw new IOException("sample application is not built, or this is not the project's folder: file="
					+ JAR.toAbsolutePath());
		}
		TemporaryFolder folder = TemporaryFolder.create("shop");
		List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Djarmode=tools", "-jar", JAR.toString(), "extract", "--destination",
				folder.path().resolve("app").toString());
		ChildProcess.start(command, Map.of()).close();
		return new Shop(folder);
	}

	/** Starts the application with an empty folder for all that it writes. */
	ChildProcess start(boolean withStarter, int port) throws IOException {
		Path directory = this.folder.path().resolve("run-" + this.started++);
		List<String> command = new ArrayList<>(ChildProcess.javaCommand(JVM_OPTIONS, classPath(withStarter)));
		command.addAll(List.of(MAIN, "--shop.dir=" + directory, "--shop.launched=true", "--server.port=" + port));
		return ChildProcess.start(command, Map.of());
	}

	private String classPath(boolean withStarter) throws IOException {
		Path application = this.folder.path().resolve("app");
		try (Stream<Path> libraries = Files.list(application.resolve("lib"))) {
			Stream<Path> wanted = libraries.sorted()
				.filter((jar) -> withStarter || !jar.getFileName().toString().startsWith("observability-starter"));
			return Stream.concat(Stream.of(application.resolve(JAR.getFileName())), wanted)
				.map(Path::toString)
				.collect(Collectors.joining(File.pathSeparator));
		}
	}

	@Override
	public void close() throws IOException {
		this.folder.close();
	}

}
