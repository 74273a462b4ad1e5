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

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.observability.logback.LogWriterMain;
import org.jspecify.annotations.Nullable;

/**
 * The class data archive of forked JVMs with one class path, with which an application
 * starts in about two thirds of the processor time.
 *
 * <p>
 * The first process of a build that needs it makes it, under a lock, and gives it its
 * name when it is complete. Other processes start their JVMs without it until then. It
 * holds the classes of the jars, and is kept from build to build until one of them
 * changes. An archive that doesn't fit is ignored by the JVM.
 */
final class ClassArchive {

	/** Of applications of Boot's, which have all libraries. */
	static final ClassArchive APPLICATIONS = new ClassArchive("applications", (jar) -> true,
			TrainingApplication.class.getName());

	/** Of programs that need no libraries but Logback. */
	static final ClassArchive PROGRAMS = new ClassArchive("programs",
			(jar) -> Stream.of("jspecify", "logback", "slf4j-api", "observability-starter").anyMatch(jar::startsWith),
			"-Dmetrics=true", LogWriterMain.class.getName(), ".", "writer", "1", "100");

	private static final Path DIRECTORY = Path.of("target", "class-archive").toAbsolutePath();

	private final String name;

	private final Predicate<String> chosen;

	/** Which loads the classes that most of them have in common. */
	private final List<String> training;

	private @Nullable Path archive;

	/**
	 * Creates it.
	 * @param name of the file
	 * @param chosen whether a jar of that name is on the class path
	 * @param training options and main class of the process that is observed, its
	 * arguments
	 */
	private ClassArchive(String name, Predicate<String> chosen, String... training) {
		this.name = name;
		this.chosen = chosen;
		this.training = List.of(training);
	}

	/**
	 * The class path of its JVMs, in the order in which the archive can be used: it can't
	 * hold classes from folders, and they come last.
	 * @param more folders
	 * @return the class path
	 */
	String classPath(List<Path> more) {
		return join(Stream.of(jars(), folders(), more.stream().map(Path::toString)).flatMap((entries) -> entries));
	}

	/**
	 * The options of a JVM that has that class path.
	 * @return no option while there is no archive
	 */
	synchronized List<String> options() {
		try {
			if (this.archive == null) {
				this.archive = findOrMake();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return (this.archive != null) ? List.of("-Xshare:auto", "-XX:SharedArchiveFile=" + this.archive) : List.of();
	}

	private @Nullable Path findOrMake() throws IOException {
		Path complete = DIRECTORY.resolve(this.name + "-" + fingerprint() + ".jsa");
		Files.createDirectories(DIRECTORY);
		try (FileChannel channel = FileChannel.open(DIRECTORY.resolve(this.name + ".lock"), StandardOpenOption.CREATE,
				StandardOpenOption.WRITE); FileLock lock = channel.tryLock()) {
			if (!Files.exists(complete) && lock != null) {
				make(complete);
			}
		}
		return Files.exists(complete) ? complete : null;
	}

	private String fingerprint() {
		String jars = jars().map(File::new)
			.map((jar) -> jar + " " + jar.length() + " " + jar.lastModified())
			.collect(Collectors.joining());
		return Integer.toHexString(
				List.of(jars, System.getProperty("java.home"), System.getProperty("java.vm.version")).hashCode());
	}

	private void make(Path complete) throws IOException {
		Path classes = DIRECTORY.resolve(this.name + ".classes");
		Path incomplete = DIRECTORY.resolve(this.name + ".incomplete");
		Files.deleteIfExists(incomplete);
		run(Stream.concat(Stream.of("-XX:DumpLoadedClassList=" + classes, "-cp", classPath(List.of())),
				this.training.stream()));
		run(Stream.of("-Xshare:dump", "-XX:SharedClassListFile=" + classes, "-XX:SharedArchiveFile=" + incomplete,
				"-cp", join(jars())));
		Files.move(incomplete, complete, StandardCopyOption.ATOMIC_MOVE);
	}

	/** Runs a JVM in a folder of its own, without a standard input. */
	private void run(Stream<String> arguments) throws IOException {
		Path directory = Files.createDirectories(DIRECTORY.resolve(this.name));
		List<String> command = new ArrayList<>(ForkedJvm.JAVA);
		arguments.forEach(command::add);
		Path output = DIRECTORY.resolve(this.name + ".output");
		try {
			int exit = new ProcessBuilder(command).directory(directory.toFile())
				.redirectInput(new File("/dev/null"))
				.redirectErrorStream(true)
				.redirectOutput(Redirect.appendTo(output.toFile()))
				.start()
				.waitFor();
			if (exit != 0) {
				throw new IOException("class archive can't be made: exit=" + exit + ", output=" + output);
			}
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	private Stream<String> jars() {
		return entries().filter((entry) -> !Files.isDirectory(Path.of(entry)))
			.filter((entry) -> this.chosen.test(Path.of(entry).getFileName().toString()));
	}

	private static Stream<String> folders() {
		return entries().filter((entry) -> Files.isDirectory(Path.of(entry)));
	}

	/** Without an empty one, which Maven adds, and a folder for classes of no sources. */
	private static Stream<String> entries() {
		return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
			.filter((entry) -> !entry.isEmpty() && Files.exists(Path.of(entry)));
	}

	private static String join(Stream<String> entries) {
		return entries.collect(Collectors.joining(File.pathSeparator));
	}

}
