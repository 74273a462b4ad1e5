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
import io.observability.internal.task.ReportLimit;
import org.jspecify.annotations.Nullable;

/**
 * Compresses the rolled files that a former collector left uncompressed because it died.
 *
 * <p>
 * Protocol. A file with the final name is created at once, empty or unfinished, so that
 * the rolling policy, which is started next, doesn't use that name for another file. The
 * compression runs in the background on a second link to the rolled file, because
 * Logback's compressors delete their input even when they fail. The result is compared
 * with the rolled file before it takes the final name, and only then is the rolled file
 * deleted. A crash leaves the rolled file, and the next collector starts again.
 */
final class CompressionRecovery extends ContextAwareBase {

	private final RolledFiles files;

	private final ReportLimit reports;

	/** Files that can't be compressed now. */
	private final Set<Path> abandoned = ConcurrentHashMap.newKeySet();

	CompressionRecovery(RolledFiles files, Context context, ReportLimit reports) {
		this.files = files;
		this.reports = reports;
		setContext(context);
	}

	/** Starts the compression of all files that were left uncompressed. */
	void start(Path activeFile) throws IOException {
		Set<Path> taken = new HashSet<>();
		for (Path rolled : this.files.uncompressed(activeFile)) {
			Path target = findTarget(rolled, taken);
			if (target == null) {
				abandon(rolled, new FileAlreadyExistsException(rolled.toString()));
				continue;
			}
			taken.add(target);
			if (!Files.exists(target)) {
				Files.createFile(target);
			}
			getContext().getExecutorService().execute(() -> compress(rolled, target));
		}
	}

	/** Never a name of what another compression has finished. */
	private @Nullable Path findTarget(Path rolled, Set<Path> taken) throws IOException {
		boolean likeliest = true;
		for (Path name : this.files.finalNames(rolled)) {
			if (!taken.contains(name) && (!Files.exists(name) || isOfSame(name, rolled, likeliest))) {
				return name;
			}
			likeliest = false;
		}
		return null;
	}

	/**
	 * Whether a compression of the rolled file was not finished, or was just finished.
	 */
	private boolean isOfSame(Path compressed, Path rolled, boolean likeliest) throws IOException {
		RolledFiles.Match match = this.files.compare(compressed, rolled);
		return match.complete() ? likeliest && match.length() == Files.size(rolled) : match.length() >= 0;
	}

	private void compress(Path rolled, Path target) {
		Path link = rolled.resolveSibling("." + rolled.getFileName());
		Path result = target.resolveSibling("." + target.getFileName());
		try {
			Files.deleteIfExists(link);
			Files.deleteIfExists(result);
			link(link, rolled);
			Compressor compressor = new Compressor(this.files.compression());
			compressor.setContext(getContext());
			compressor.compress(link.toString(), result.toString(), innerName(target));
			if (this.files.compare(result, rolled).equals(new RolledFiles.Match(Files.size(rolled), true))) {
				Files.move(result, target, StandardCopyOption.ATOMIC_MOVE);
				Files.delete(rolled);
			}
			else {
				Files.delete(result);
				throw new IOException("compressed file is incomplete: file=" + result);
			}
			Files.deleteIfExists(link);
		}
		catch (IOException ex) {
			abandon(rolled, ex);
		}
	}

	private void abandon(Path rolled, IOException cause) {
		this.abandoned.add(rolled);
		long count = this.reports.admit("compression");
		if (count > 0) {
			addWarn("rolled log file can't be compressed: count=" + count + ", file=" + rolled, cause);
		}
	}

	/** Returns whether this object or the policy is still compressing a file. */
	boolean isRunning(Path activeFile) throws IOException {
		return !this.abandoned.containsAll(this.files.uncompressed(activeFile));
	}

	private static void link(Path link, Path rolled) throws IOException {
		try {
			Files.createLink(link, rolled);
		}
		catch (UnsupportedOperationException ex) {
			Files.copy(rolled, link);
		}
	}

	private String innerName(Path target) {
		return Compressor.computeFileNameStrWithoutCompSuffix(String.valueOf(target.getFileName()),
				this.files.compression());
	}

}
