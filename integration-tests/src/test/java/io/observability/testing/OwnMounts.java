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

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Processes that see file systems in their own way, as containers do.
 */
public final class OwnMounts {

	/**
	 * Starts a process with mounts of its own, which are those of this process so far.
	 */
	public static final List<String> LAUNCHER = List.of("unshare", "--mount");

	private OwnMounts() {
	}

	/** Skips the test if this process can't give mounts to others. */
	public static void assumeAvailable() {
		assumeThat(isAvailable()).as("a process can have mounts of its own, which takes root").isTrue();
	}

	private static boolean isAvailable() {
		try {
			return new ProcessBuilder("unshare", "--mount", "true").start().waitFor() == 0;
		}
		catch (IOException | InterruptedException ex) {
			return false;
		}
	}

	/**
	 * Returns what starts a process that can't write a folder.
	 * @param directory the folder
	 * @return the program and its arguments
	 */
	public static List<String> readOnly(Path directory) {
		return List.of("unshare", "--mount", "sh", "-c",
				"mount --bind -o ro " + directory + " " + directory + " && exec \"$@\"", "sh");
	}

	/**
	 * Lets a process write a folder no more: open files it can still write.
	 * @param jvm started by {@link #LAUNCHER}
	 * @param directory the folder
	 */
	public static void makeReadOnly(ForkedJvm jvm, Path directory) {
		enter(jvm, "mount", "--bind", "-o", "ro", directory.toString(), directory.toString());
	}

	/**
	 * Lets a process write a folder again.
	 * @param jvm the process
	 * @param directory the folder
	 */
	public static void makeWritable(ForkedJvm jvm, Path directory) {
		enter(jvm, "umount", "--lazy", directory.toString());
	}

	private static void enter(ForkedJvm jvm, String... command) {
		List<String> whole = new ArrayList<>(List.of("nsenter", "--mount", "--target", Long.toString(jvm.pid())));
		whole.addAll(List.of(command));
		try {
			assertThat(new ProcessBuilder(whole).inheritIO().start().waitFor()).isZero();
		}
		catch (IOException | InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

}
