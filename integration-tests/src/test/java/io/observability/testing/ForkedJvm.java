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

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A JVM with this one's class path that runs a main class, to be talked to by lines and
 * to be killed. What it prints on its standard error goes to this JVM's.
 */
public final class ForkedJvm implements Closeable {

	/** A quick start is what counts in all of them. */
	static final List<String> JAVA = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
			"-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

	private static final Duration PATIENCE = Duration.ofMinutes(3);

	private final Process process;

	private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

	private ForkedJvm(Process process) {
		this.process = process;
	}

	/**
	 * Starts a JVM.
	 * @param main class with a main method
	 * @param systemProperties to be set in it
	 * @param arguments of the main method
	 * @return the running JVM
	 */
	public static ForkedJvm start(Class<?> main, Map<String, String> systemProperties, String... arguments) {
		return startWith(List.of(), main, systemProperties, arguments);
	}

	/**
	 * Starts a JVM for a program that needs no libraries but Logback. It starts in half
	 * of the processor time, because few files have to be opened.
	 * @param launcher another program that starts it and its arguments, or nothing
	 * @param main class with a main method
	 * @param systemProperties to be set in it
	 * @param arguments of the main method
	 * @return the running JVM
	 */
	public static ForkedJvm startPlain(List<String> launcher, Class<?> main, Map<String, String> systemProperties,
			String... arguments) {
		return startPlain(launcher, plainClassPath(), main, systemProperties, arguments);
	}

	/**
	 * Starts a JVM for a program that needs no libraries but Logback.
	 * @param launcher another program that starts it and its arguments, or nothing
	 * @param classPath of the program
	 * @param main class with a main method
	 * @param systemProperties to be set in it
	 * @param arguments of the main method
	 * @return the running JVM
	 */
	public static ForkedJvm startPlain(List<String> launcher, String classPath, Class<?> main,
			Map<String, String> systemProperties, String... arguments) {
		return start(launcher, ClassArchive.PROGRAMS.options(), classPath, main, systemProperties, arguments);
	}

	/**
	 * Returns the class path of a program that needs no libraries but Logback.
	 * @return the class path
	 */
	public static String plainClassPath() {
		return ClassArchive.PROGRAMS.classPath(List.of());
	}

	/**
	 * Packs the folders of a class path into jars. Classes of a jar can be loaded while
	 * no file can be opened.
	 * @param classPath with folders
	 * @param directory an empty folder for the jars
	 * @return the class path without folders
	 */
	public static String packed(String classPath, Path directory) {
		ToolProvider jar = ToolProvider.findFirst("jar").orElseThrow();
		List<String> entries = new ArrayList<>();
		for (String entry : classPath.split(File.pathSeparator, -1)) {
			if (Files.isDirectory(Path.of(entry))) {
				String packed = directory.resolve(entries.size() + ".jar").toString();
				jar.run(System.out, System.err, "--create", "--no-compress", "--file", packed, "-C", entry, ".");
				entries.add(packed);
			}
			else {
				entries.add(entry);
			}
		}
		return String.join(File.pathSeparator, entries);
	}

	/**
	 * Starts a JVM without some of this one's libraries.
	 * @param missing what their file names contain
	 * @param main class with a main method
	 * @param arguments of the main method
	 * @return the running JVM
	 */
	public static ForkedJvm startWithout(List<String> missing, Class<?> main, String... arguments) {
		return startInstead(missing, List.of(), main, Map.of(), arguments);
	}

	/**
	 * Starts a JVM with other libraries instead of some of this one's.
	 * @param missing what the file names of the latter contain
	 * @param others the other libraries
	 * @param main class with a main method
	 * @param systemProperties to be set in it
	 * @param arguments of the main method
	 * @return the running JVM
	 */
	public static ForkedJvm startInstead(List<String> missing, List<Path> others, Class<?> main,
			Map<String, String> systemProperties, String... arguments) {
		String own = classPath((entry) -> missing.stream().noneMatch(entry.getFileName().toString()::contains));
		String classPath = Stream.concat(Stream.of(own), others.stream().map(Path::toString))
			.collect(Collectors.joining(File.pathSeparator));
		return start(List.of(), List.of(), classPath, main, systemProperties, arguments);
	}

	/**
	 * Starts a JVM with more than this one's class path.
	 * @param directories of the classes that are added
	 * @param main class with a main method
	 * @param systemProperties to be set in it
	 * @param arguments of the main method
	 * @return the running JVM
	 */
	public static ForkedJvm startWith(List<Path> directories, Class<?> main, Map<String, String> systemProperties,
			String... arguments) {
		return start(List.of(), ClassArchive.APPLICATIONS.options(), ClassArchive.APPLICATIONS.classPath(directories),
				main, systemProperties, arguments);
	}

	/**
	 * Starts a JVM of another user.
	 * @param user who that is
	 * @param classPath which the user can read
	 * @param main class with a main method
	 * @param arguments of the main method
	 * @return the running JVM
	 */
	public static ForkedJvm startAs(OtherUser user, String classPath, Class<?> main, String... arguments) {
		return start(user.launcher(), List.of(), classPath, main, Map.of(), arguments);
	}

	private static String classPath(Predicate<Path> filter) {
		return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
			.filter((entry) -> filter.test(Path.of(entry)))
			.collect(Collectors.joining(File.pathSeparator));
	}

	private static ForkedJvm start(List<String> launcher, List<String> options, String classPath, Class<?> main,
			Map<String, String> systemProperties, String... arguments) {
		List<String> command = new ArrayList<>(launcher);
		command.addAll(JAVA);
		command.addAll(options);
		command.addAll(List.of("-Duser.home=" + System.getProperty("user.home"), "-cp", classPath));
		systemProperties.forEach((key, value) -> command.add("-D" + key + "=" + value));
		command.add(main.getName());
		command.addAll(List.of(arguments));
		try {
			Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
			ForkedJvm jvm = new ForkedJvm(process);
			Thread reader = new Thread(jvm::readLines, "forked-jvm-" + process.pid());
			reader.setDaemon(true);
			reader.start();
			return jvm;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void readLines() {
		try (BufferedReader reader = this.process.inputReader()) {
			reader.lines().forEach(this.lines::add);
		}
		catch (IOException | UncheckedIOException ex) {
			// It was killed.
		}
	}

	public long pid() {
		return this.process.pid();
	}

	public boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Waits for a line on the standard output; other lines before it are skipped.
	 * @param start of the line
	 * @return the line
	 */
	public String awaitLine(String start) {
		return awaitLine((line) -> line.startsWith(start), start);
	}

	/**
	 * Waits for a text on the standard output; lines before it are skipped.
	 * @param text anywhere in a line
	 * @return the line
	 */
	public String awaitText(String text) {
		return awaitLine((line) -> line.contains(text), text);
	}

	private String awaitLine(Predicate<String> condition, String wanted) {
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		try {
			while (true) {
				String line = this.lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
				if (line == null) {
					throw new AssertionError("line did not come: wanted=" + wanted + ", alive=" + isAlive());
				}
				if (condition.test(line)) {
					return line;
				}
			}
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	/**
	 * Writes a line to its standard input.
	 * @param line without the line's end
	 */
	public void send(String line) {
		try {
			this.process.getOutputStream().write((line + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
			this.process.getOutputStream().flush();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Kills it as {@code kill -9} does, and waits until it is gone. */
	public void kill() {
		this.process.destroyForcibly();
		awaitExit();
	}

	/** Asks it to end as {@code kill -15} does, and waits until it has. */
	public void terminate() {
		this.process.destroy();
		awaitExit();
	}

	/**
	 * Sends a signal, such as STOP or CONT.
	 * @param name of the signal
	 */
	public void signal(String name) {
		try {
			new ProcessBuilder("kill", "-" + name, Long.toString(pid())).inheritIO().start().waitFor();
		}
		catch (IOException | InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	/**
	 * Waits until it has ended.
	 * @return its exit code
	 */
	public int awaitExit() {
		try {
			if (!this.process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
				throw new AssertionError("process did not end: pid=" + pid());
			}
			return this.process.exitValue();
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	/** Kills it if it still runs. */
	@Override
	public void close() {
		this.process.destroyForcibly();
		awaitExit();
	}

}
