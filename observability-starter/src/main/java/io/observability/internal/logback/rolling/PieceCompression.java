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
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import ch.qos.logback.core.Context;
import ch.qos.logback.core.rolling.helper.Compressor;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.jspecify.annotations.Nullable;

/**
 * Compresses the pieces that a predecessor has left uncompressed because it died.
 *
 * <p>
 * Protocol. Each piece gets its final name at once, as an empty or unfinished file, so
 * that the rolling policy, started next, doesn't give that name to another. The work is
 * done in the background on a second link to the piece, because Logback's compressors
 * delete what they read even when they have failed. What comes out is compared with the
 * piece before it takes the final name, and only then is the piece deleted. A crash
 * leaves the piece, so that the next successor starts over.
 */
final class PieceCompression extends ContextAwareBase {

	private final RolledPieces pieces;

	/** What can't be compressed now. */
	private final Set<Path> abandoned = ConcurrentHashMap.newKeySet();

	PieceCompression(RolledPieces pieces, Context context) {
		this.pieces = pieces;
		setContext(context);
	}

	/** Begins to compress what is left over. */
	void begin(Path activeFile) throws IOException {
		Set<Path> taken = new HashSet<>();
		for (Path piece : this.pieces.uncompressed(activeFile)) {
			Path target = findTarget(piece, taken);
			if (target == null) {
				abandon(piece, new FileAlreadyExistsException(piece.toString()));
				continue;
			}
			taken.add(target);
			if (!Files.exists(target)) {
				Files.createFile(target);
			}
			getContext().getExecutorService().execute(() -> compress(piece, target));
		}
	}

	/** Best is a file that somebody has begun to make of this very piece. */
	private @Nullable Path findTarget(Path piece, Set<Path> taken) throws IOException {
		Path unused = null;
		for (Path name : this.pieces.finalNames(piece)) {
			if (taken.contains(name)) {
				continue;
			}
			if (!Files.exists(name)) {
				unused = (unused != null) ? unused : name;
			}
			else if (this.pieces.commonLength(name, piece) >= 0) {
				return name;
			}
		}
		return unused;
	}

	private void compress(Path piece, Path target) {
		Path link = piece.resolveSibling("." + piece.getFileName());
		Path result = target.resolveSibling("." + target.getFileName());
		try {
			Files.deleteIfExists(link);
			Files.deleteIfExists(result);
			link(link, piece);
			Compressor compressor = new Compressor(this.pieces.compression());
			compressor.setContext(getContext());
			compressor.compress(link.toString(), result.toString(), innerName(target));
			if (this.pieces.commonLength(result, piece) == Files.size(piece)) {
				Files.move(result, target, StandardCopyOption.ATOMIC_MOVE);
				Files.delete(piece);
			}
			else {
				Files.delete(result);
				throw new IOException("compressed file is not whole: file=" + result);
			}
			Files.deleteIfExists(link);
		}
		catch (IOException ex) {
			abandon(piece, ex);
		}
	}

	private void abandon(Path piece, IOException cause) {
		this.abandoned.add(piece);
		addWarn("rolled log file stays uncompressed: file=" + piece, cause);
	}

	/** Tells whether somebody still works on a piece, this object or the policy. */
	boolean isGoingOn(Path activeFile) throws IOException {
		return !this.abandoned.containsAll(this.pieces.uncompressed(activeFile));
	}

	private static void link(Path link, Path piece) throws IOException {
		try {
			Files.createLink(link, piece);
		}
		catch (UnsupportedOperationException ex) {
			Files.copy(piece, link);
		}
	}

	private String innerName(Path target) {
		return Compressor.computeFileNameStrWithoutCompSuffix(String.valueOf(target.getFileName()),
				this.pieces.compression());
	}

}
