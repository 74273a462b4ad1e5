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

package io.observability.internal.log.queue;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.observability.internal.instance.Slot;

/**
 * The segments of one opened queue. A segment's file is
 * {@code log-<instance>-<number>-<index>} with the extension {@code tmp} while it is
 * made, {@code seg} while readers may look into it, and {@code free} once all of it has
 * been collected and its writer may use it again.
 *
 * @param slot the writer's slot
 * @param instance the writer's id
 * @param number tells apart the queues that one instance has opened
 */
public record Chain(Slot slot, String instance, int number) implements Comparable<Chain> {

	private static final Pattern FILE_NAME = Pattern
		.compile("log-([0-9a-f]{16})-(\\d{1,9})-(\\d{1,9})\\.(seg|free|tmp)");

	private static final Comparator<Chain> ORDER = Comparator.comparingInt((Chain chain) -> chain.slot.number())
		.thenComparing(Chain::instance)
		.thenComparingInt(Chain::number);

	public Path segmentFile(int index) {
		return file(index, "seg");
	}

	public Path freeFile(int index) {
		return file(index, "free");
	}

	Path temporaryFile(int index) {
		return file(index, "tmp");
	}

	private Path file(int index, String extension) {
		return this.slot.directory()
			.resolve("log-" + this.instance + "-" + this.number + "-" + index + "." + extension);
	}

	@Override
	public int compareTo(Chain other) {
		return ORDER.compare(this, other);
	}

	@Override
	public String toString() {
		return this.slot.number() + "/" + this.instance + "-" + this.number;
	}

	/** Lists the files of all chains in a slot. */
	public static List<File> files(Slot slot) throws IOException {
		List<File> files = new ArrayList<>();
		try (DirectoryStream<Path> paths = Files.newDirectoryStream(slot.directory(), "log-*")) {
			for (Path path : paths) {
				Matcher name = FILE_NAME.matcher(path.getFileName().toString());
				if (name.matches()) {
					Chain chain = new Chain(slot, name.group(1), Integer.parseInt(name.group(2)));
					files.add(new File(chain, Integer.parseInt(name.group(3)), name.group(4).equals("seg"), path));
				}
			}
		}
		catch (NoSuchFileException ex) {
			return List.of();
		}
		catch (DirectoryIteratorException ex) {
			throw ex.getCause();
		}
		return files;
	}

	/**
	 * A file of a chain.
	 *
	 * @param chain the chain
	 * @param index of the segment
	 * @param readable whether it may hold records that are to be collected
	 * @param path of the file
	 */
	public record File(Chain chain, int index, boolean readable, Path path) {
	}

}
