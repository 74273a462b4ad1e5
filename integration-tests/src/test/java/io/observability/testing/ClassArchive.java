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
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The class data archive of the forked JVMs, with which an application starts in about
 * two thirds of the processor time.
 *
 * <p>
 * The first process of a build that needs it makes it, under a lock, and gives it its
 * name when it is complete. Other processes start their JVMs without it until then. It
 * holds the classes of the libraries, and is therefore kept from build to build until
 * their versions change. An archive that doesn't fit is ignored by the JVM.
 */
final class ClassArchive {

	private static final Path DIRECTORY = Path.of("target", "class-archive");

	/** An archive can't hold classes from folders: they come last. */
	private static final List<String> LIBRARIES = classPath(false);

	private static final List<String> FOLDERS = classPath(true);

	private static @Nullable Path archive;

	private ClassArchive() {
	}

	private static List<String> classPath(boolean folders) {
		return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
			.filter((entry) -> Files.isDirectory(Path.of(entry)) == folders)
			.toList();
	}

	/**
	 * This JVM's class path, in the order in which the archive can be used.
	 * @param more folders, which come last
	 * @return the class path
	 */
	static String classPath(List<Path> more) {
		return Stream.of(LIBRARIES.stream(), FOLDERS.stream(), more.stream().map(Path::toString))
			.flatMap((entries) -> entries)
			.collect(Collectors.joining(File.pathSeparator));
	}

	/**
	 * The options of a JVM that has that class path.
	 * @return no option while there is no archive
	 */
	static synchronized List<String> options() {
		try {
			if (archive == null) {
				archive = findOrMake();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return (archive != null) ? List.of("-Xshare:auto", "-XX:SharedArchiveFile=" + archive) : List.of();
	}

	private static @Nullable Path findOrMake() throws IOException {
		String name = Integer.toHexString(
				List.of(LIBRARIES, System.getProperty("java.home"), System.getProperty("java.vm.version")).hashCode());
		Path complete = DIRECTORY.resolve(name + ".jsa").toAbsolutePath();
		Files.createDirectories(DIRECTORY);
		try (FileChannel channel = FileChannel.open(DIRECTORY.resolve("lock"), StandardOpenOption.CREATE,
				StandardOpenOption.WRITE); FileLock lock = channel.tryLock()) {
			if (!Files.exists(complete) && lock != null) {
				make(complete);
			}
		}
		return Files.exists(complete) ? complete : null;
	}

	private static void make(Path complete) throws IOException {
		Path classes = DIRECTORY.resolve("classes");
		Path incomplete = DIRECTORY.resolve("incomplete.jsa");
		Files.deleteIfExists(incomplete);
		run("-XX:DumpLoadedClassList=" + classes, "-cp", classPath(List.of()), TrainingApplication.class.getName());
		run("-Xshare:dump", "-XX:SharedClassListFile=" + classes, "-XX:SharedArchiveFile=" + incomplete, "-cp",
				String.join(File.pathSeparator, LIBRARIES));
		Files.move(incomplete, complete, StandardCopyOption.ATOMIC_MOVE);
	}

	private static void run(String... arguments) throws IOException {
		List<String> command = new ArrayList<>(ForkedJvm.JAVA);
		command.addAll(List.of(arguments));
		Path output = DIRECTORY.resolve("output");
		try {
			int exit = new ProcessBuilder(command).redirectErrorStream(true)
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

}
