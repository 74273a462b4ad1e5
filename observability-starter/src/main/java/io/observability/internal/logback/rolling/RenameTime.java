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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;

/**
 * When a file was renamed, as the JVM's nano time: between the last time that it was
 * written and the last time that its entry was changed.
 *
 * @param earliest nano time of the last write
 * @param latest nano time of the last change
 */
record RenameTime(long earliest, long latest) {

	private static final int MOST_DIGITS = 18;

	private static final RenameTime UNKNOWN = new RenameTime(0, 0);

	static RenameTime of(Path file) {
		try {
			FileTime written = Files.getLastModifiedTime(file);
			return new RenameTime(nanoTime(written), nanoTime((FileTime) Files.getAttribute(file, "unix:ctime")));
		}
		catch (IOException | UnsupportedOperationException | IllegalArgumentException ex) {
			return UNKNOWN;
		}
	}

	private static long nanoTime(FileTime time) {
		return System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis() - time.toMillis());
	}

	/**
	 * Returns how far a number is from being this time.
	 * @param digits of the number
	 * @return 0 if it may be this time
	 */
	long distance(String digits) {
		if (digits.length() > MOST_DIGITS) {
			return Long.MAX_VALUE;
		}
		if (this.latest <= 0) {
			// Renamed before the machine was started: about as many digits are likely.
			return Math.abs(digits.length() - Long.toString(System.nanoTime()).length());
		}
		long nanoTime = Long.parseLong(digits);
		return Math.max(0, Math.max(this.earliest - nanoTime, nanoTime - this.latest));
	}

}
