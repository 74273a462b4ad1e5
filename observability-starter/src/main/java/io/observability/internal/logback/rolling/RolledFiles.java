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

package io.observability.internal.logback.rolling;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingPolicyBase;
import ch.qos.logback.core.rolling.helper.CompressionMode;
import ch.qos.logback.core.rolling.helper.Compressor;
import ch.qos.logback.core.rolling.helper.FileFilterUtil;
import ch.qos.logback.core.rolling.helper.FileNamePattern;
import org.jspecify.annotations.Nullable;

/**
 * The files into which one of Logback's rolling policies moves the contents of the active
 * file.
 *
 * <p>
 * A policy that compresses in the background first renames the active file to the name of
 * the rolled file without the suffix of the compression. Some versions of Logback append
 * digits and {@code .tmp}.
 */
final class RolledFiles {

	/** Up to six digits may be an index; at least eight mark a temporary name. */
	private static final Pattern TEMPORARY_NAME = Pattern.compile("(.*?)(\\d{0,6})(\\d{8,})\\.tmp");

	private final CompressionMode compression;

	private final Path directory;

	private final int depth;

	private final Pattern name;

	private final Pattern uncompressedName;

	private RolledFiles(CompressionMode compression, Path directory, int depth, Pattern name,
			Pattern uncompressedName) {
		this.compression = compression;
		this.directory = directory;
		this.depth = depth;
		this.name = name;
		this.uncompressedName = uncompressedName;
	}

	/** Returns the files of a started policy. */
	static RolledFiles of(RollingPolicyBase policy) {
		CompressionMode compression = policy.getCompressionMode();
		String pattern = FileFilterUtil.slashify(policy.getFileNamePattern());
		int variable = Math.max(pattern.indexOf('%'), 0);
		int directoryEnd = pattern.lastIndexOf('/', variable) + 1;
		int depth = 1 + (int) pattern.substring(directoryEnd).chars().filter((c) -> c == '/').count();
		String uncompressed = Compressor.computeFileNameStrWithoutCompSuffix(pattern, compression);
		return new RolledFiles(compression, Path.of(pattern.substring(0, directoryEnd)), depth,
				namePattern(policy, pattern), namePattern(policy, uncompressed));
	}

	private static Pattern namePattern(RollingPolicyBase policy, String pattern) {
		String regex = new FileNamePattern(pattern, policy.getContext()).toRegex();
		return Pattern.compile(FileFilterUtil.afterLastSlash(regex));
	}

	boolean areCompressed() {
		return this.compression != CompressionMode.NONE;
	}

	CompressionMode compression() {
		return this.compression;
	}

	/**
	 * Lists the renamed files that are to be compressed, oldest first. None for xz, which
	 * the JDK can't read: a file whose compression to xz was interrupted is left as it
	 * is.
	 */
	List<Path> uncompressed(Path activeFile) throws IOException {
		List<Path> found = new ArrayList<>();
		if (this.compression == CompressionMode.GZ || this.compression == CompressionMode.ZIP) {
			for (Path file : files()) {
				if (!finalNames(file).isEmpty() && !isSame(file, activeFile)) {
					found.add(file);
				}
			}
			found.sort(Comparator.comparing((Path file) -> file.toFile().lastModified()));
		}
		return found;
	}

	/**
	 * Lists the files that an interrupted rollover may have copied the active file to. A
	 * window of numbered files gets the copy at its lowest index. A policy that
	 * compresses in the background copies to a temporary name.
	 */
	List<Path> copies(Path activeFile, RollingPolicyBase policy) throws IOException {
		if (policy instanceof FixedWindowRollingPolicy window) {
			FileNamePattern pattern = new FileNamePattern(window.getFileNamePattern(), window.getContext());
			Path first = Path.of(pattern.convertInt(window.getMinIndex()));
			return Files.isRegularFile(first) ? List.of(first) : List.of();
		}
		return files().stream()
			.filter((file) -> areCompressed() ? !finalNames(file).isEmpty() : this.name.matcher(nameOf(file)).matches())
			.filter((file) -> !isSame(file, activeFile))
			.toList();
	}

	/** Lists all files that may hold the contents of a former active file. */
	List<Path> all(Path activeFile) throws IOException {
		return files().stream()
			.filter((file) -> this.name.matcher(nameOf(file)).matches() || !finalNames(file).isEmpty())
			.filter((file) -> !isSame(file, activeFile))
			.toList();
	}

	/** Lists the files in the folders that can be read. */
	private List<Path> files() throws IOException {
		List<Path> files = new ArrayList<>();
		Files.walkFileTree(this.directory, Set.of(), this.depth, new SimpleFileVisitor<>() {

			@Override
			public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
				if (attributes.isRegularFile()) {
					files.add(file);
				}
				return FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult visitFileFailed(Path file, IOException ex) {
				return FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException ex) {
				return FileVisitResult.CONTINUE;
			}

		});
		return files;
	}

	private static boolean isSame(Path left, Path right) {
		return left.toAbsolutePath().normalize().equals(right.toAbsolutePath().normalize());
	}

	private static String nameOf(Path file) {
		return String.valueOf(file.getFileName());
	}

	/**
	 * Returns the names that a file may have after its compression, the likeliest first.
	 * There may be several because the digits of a temporary name follow those of an
	 * index. The former are the JVM's nano time when the file was renamed.
	 */
	List<Path> finalNames(Path uncompressed) {
		String name = nameOf(uncompressed);
		List<String> names = new ArrayList<>();
		if (this.uncompressedName.matcher(name).matches()) {
			names.add(name);
		}
		Matcher temporary = TEMPORARY_NAME.matcher(name);
		if (temporary.matches()) {
			RenameTime renamed = RenameTime.of(uncompressed);
			IntStream.rangeClosed(temporary.end(1), temporary.end(2))
				.boxed()
				.filter((length) -> this.uncompressedName.matcher(name.substring(0, length)).matches())
				.sorted(Comparator
					.comparingLong((length) -> renamed.distance(name.substring(length, temporary.end(3)))))
				.forEach((length) -> names.add(name.substring(0, length)));
		}
		return names.stream().map((candidate) -> uncompressed.resolveSibling(candidate + suffix())).toList();
	}

	private String suffix() {
		return switch (this.compression) {
			case GZ -> CompressionMode.GZ_SUFFIX;
			case ZIP -> CompressionMode.ZIP_SUFFIX;
			case XZ -> CompressionMode.XZ_SUFFIX;
			case NONE -> "";
		};
	}

	/**
	 * Compares a rolled file with an uncompressed one.
	 * @param rolled the rolled file, possibly compressed, possibly truncated
	 * @param file the uncompressed file
	 * @return what they have in common
	 * @throws IOException if they can't be read
	 */
	Match compare(Path rolled, Path file) throws IOException {
		byte[] left = new byte[8192];
		byte[] right = new byte[8192];
		long common = 0;
		boolean complete = !isCompressed(rolled) || Files.size(rolled) > 0;
		try (InputStream whole = Files.newInputStream(file); InputStream part = open(rolled)) {
			int length = part.read(left);
			while (length > 0) {
				if (whole.readNBytes(right, 0, length) < length || !Arrays.equals(left, 0, length, right, 0, length)) {
					return new Match(-1, false);
				}
				common += length;
				length = part.read(left);
			}
		}
		catch (EOFException | ZipException ex) {
			// Its writer was killed while writing it.
			complete = false;
		}
		return new Match(common, complete);
	}

	private static boolean isCompressed(Path file) {
		return file.toString().endsWith(CompressionMode.GZ_SUFFIX)
				|| file.toString().endsWith(CompressionMode.ZIP_SUFFIX);
	}

	private InputStream open(Path rolled) throws IOException {
		InputStream bytes = Files.newInputStream(rolled);
		try {
			if (rolled.toString().endsWith(CompressionMode.GZ_SUFFIX)) {
				return new GZIPInputStream(bytes);
			}
			if (rolled.toString().endsWith(CompressionMode.ZIP_SUFFIX)) {
				ZipInputStream zip = new ZipInputStream(bytes);
				zip.getNextEntry();
				return zip;
			}
			return bytes;
		}
		catch (IOException ex) {
			bytes.close();
			throw ex;
		}
	}

	/**
	 * What a rolled file has in common with an uncompressed one.
	 *
	 * @param length uncompressed length of the rolled file if the other one starts with
	 * its contents, else -1
	 * @param complete whether the rolled file is uncompressed, or has the end that a
	 * finished compression gives it
	 */
	record Match(long length, boolean complete) {
	}

}
