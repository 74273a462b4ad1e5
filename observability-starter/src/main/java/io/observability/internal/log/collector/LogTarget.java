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

package io.observability.internal.log.collector;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The file that the merged log goes to, and how it is rolled. Only the collecting process
 * uses it, on one thread.
 */
public interface LogTarget {

	/**
	 * Called when this process has become the collector, before an unfinished batch of
	 * the predecessor is completed.
	 * @param rollInterrupted whether the predecessor died while it rolled, and there is
	 * no other active file since
	 * @throws IOException if it can't be used now; this is tried again later
	 */
	void start(boolean rollInterrupted) throws IOException;

	/**
	 * Returns the file to append to now.
	 * @return the active file, which need not exist
	 */
	Path activeFile();

	/**
	 * Returns the files to which the contents of the active file were moved.
	 * @return the files that have a name that rolling gives, uncompressed or not
	 * @throws IOException if they can't be listed
	 */
	List<Path> rolledFiles() throws IOException;

	/**
	 * Returns what an empty file is to start with.
	 * @return the header's bytes, possibly none
	 */
	byte[] header();

	/**
	 * Returns what a file is to end with that nothing more is written to.
	 * @return the footer's bytes, possibly none
	 */
	byte[] footer();

	/**
	 * Returns whether the active file is to be rolled before more is written.
	 * @return whether {@link #roll()} is to be called
	 */
	boolean isRollDue();

	/**
	 * Rolls the active file, which has all that was written to it. It is still open and
	 * locked: no other channel on it may be closed in this process before it has been
	 * moved. A file that can't be rolled stays as it is.
	 */
	void roll();

	/**
	 * Notes that the active file has grown.
	 * @param bytes by how much
	 */
	void written(int bytes);

	/**
	 * Called when this process ceases to be the collector. Returns when nothing touches
	 * the files any more.
	 */
	void stop();

}
