package io.observability.logback;

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
