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
import java.nio.file.StandardCopyOption;

import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingPolicy;
import ch.qos.logback.core.rolling.helper.FileNamePattern;

/**
 * Undoes the half of a rollover in the middle of which the collector died.
 *
 * <p>
 * Either the active file was renamed: then the rollover is done. Or it is still there
 * with all it had, and somebody had begun to make a copy of it, compressed or on another
 * disk. Such a copy holds a beginning of the active file and is deleted. If it holds all
 * of it, the active file is what was to be deleted. A window of numbered files that was
 * moved up to make room for the copy is moved back, so that the rollover that follows
 * doesn't push out one file more.
 */
final class InterruptedRollover {

	private final RolledPieces pieces;

	private final RollingPolicy policy;

	InterruptedRollover(RolledPieces pieces, RollingPolicy policy) {
		this.pieces = pieces;
		this.policy = policy;
	}

	void undo(Path activeFile) throws IOException {
		long length = activeFile.toFile().length();
		if (length == 0) {
			return;
		}
		for (Path piece : this.pieces.all(activeFile)) {
			long common = this.pieces.commonLength(piece, activeFile);
			if (common == length) {
				Files.delete(activeFile);
				return;
			}
			if (common >= 0) {
				Files.delete(piece);
			}
		}
		if (this.policy instanceof FixedWindowRollingPolicy window) {
			closeGap(window);
		}
	}

	private static void closeGap(FixedWindowRollingPolicy window) throws IOException {
		FileNamePattern pattern = new FileNamePattern(window.getFileNamePattern(), window.getContext());
		boolean gap = false;
		for (int index = window.getMinIndex(); index <= window.getMaxIndex(); index++) {
			Path piece = Path.of(pattern.convertInt(index));
			if (!Files.exists(piece)) {
				gap = true;
			}
			else if (gap) {
				Files.move(piece, Path.of(pattern.convertInt(index - 1)), StandardCopyOption.ATOMIC_MOVE);
			}
		}
	}

}
