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
import java.nio.file.attribute.FileTime;

import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingPolicyBase;
import ch.qos.logback.core.rolling.helper.FileNamePattern;

/**
 * Undoes a rollover during which the collector died.
 *
 * <p>
 * If the active file was renamed, the rollover is done. Otherwise the active file still
 * has all its contents, and there may be a copy of it, compressed or on another disk. An
 * incomplete copy holds the beginning of the active file and is deleted. If the copy is
 * complete, the active file is deleted, as the rollover would have done. A window of
 * numbered files that was moved up to make room for the copy is moved back, so that the
 * next rollover doesn't delete one file too many.
 *
 * <p>
 * A copy is told from what other rollovers have finished by more than its contents, which
 * may be alike: by the place that the policy copies to, by its time, as no other file was
 * written after the active one, and by a compression that has no end.
 */
final class RolloverRecovery {

	private final RolledFiles files;

	private final RollingPolicyBase policy;

	RolloverRecovery(RolledFiles files, RollingPolicyBase policy) {
		this.files = files;
		this.policy = policy;
	}

	void undo(Path activeFile) throws IOException {
		long length = activeFile.toFile().length();
		if (length == 0) {
			return;
		}
		FileTime written = Files.getLastModifiedTime(activeFile);
		for (Path copy : this.files.copies(activeFile, this.policy)) {
			if (Files.getLastModifiedTime(copy).compareTo(written) < 0) {
				continue;
			}
			RolledFiles.Match match = this.files.compare(copy, activeFile);
			if (match.length() == length && match.complete()) {
				Files.delete(activeFile);
				return;
			}
			if (match.length() >= 0 && (!match.complete() || !this.files.areCompressed())) {
				Files.delete(copy);
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
			Path rolled = Path.of(pattern.convertInt(index));
			if (!Files.exists(rolled)) {
				gap = true;
			}
			else if (gap) {
				Files.move(rolled, Path.of(pattern.convertInt(index - 1)), StandardCopyOption.ATOMIC_MOVE);
			}
		}
	}

}
