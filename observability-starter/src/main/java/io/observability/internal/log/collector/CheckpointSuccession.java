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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import io.observability.internal.log.collector.CheckpointFile.Content;
import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.memory.StoreFiles;
import io.observability.internal.memory.UntrustedFileException;

/**
 * Begins a term: takes over the checkpoint of the term before, and fences its collector.
 *
 * <p>
 * Protocol. A predecessor may still run, or may have been stopped at any point and go on
 * at any later one, so each term has a checkpoint file of its own under the same name. A
 * collector writes to the file that it has opened, and looks whether the name still leads
 * to that file between writing a checkpoint and acting upon it. A successor first renames
 * the predecessor's file, only then reads it, and publishes a file of its own under the
 * name. If the predecessor's look came before the renaming, then its checkpoint did too,
 * and the successor reads it and completes the same batch with the same bytes at the same
 * place: the predecessor may write them once more without harm. If its look came after
 * the renaming, it writes nothing. What it still writes goes to its own file, which no
 * process reads.
 *
 * <p>
 * A crash before the publication leaves the renamed file, which the next successor reads.
 * A crash after it leaves the renamed file beside a newer one, which the next successor
 * puts in its place. Of two successors that begin at the same time one publishes its
 * file; the other one fails.
 *
 * <p>
 * What can't be a checkpoint (a link, a pipe, a file of another user) is put aside and
 * reported: the term begins as if it were not there. So is one of a newer version, or one
 * without permission, unless a process that can read it collects, see {@link Collector}.
 * The marks in the queues then say up to where they are in the log, which may double the
 * last batch.
 *
 * <p>
 * On a full disk there is no room for a file of its own. The term then goes on with the
 * predecessor's, and does not fence it.
 */
final class CheckpointSuccession {

	private CheckpointSuccession() {
	}

	/**
	 * Begins a term.
	 * @param path where the checkpoint file lies
	 * @param owner the process that begins it
	 * @return the file of the new term, with the predecessor's checkpoint in it
	 * @throws UnreadableCheckpointException if the checkpoint is one for other processes,
	 * and is not to be put aside
	 * @throws IOException if it can't be read or created, or if another process has begun
	 * a term meanwhile
	 */
	static CheckpointFile begin(Path path, TermOwner owner) throws IOException {
		Path fenced = path.resolveSibling(path.getFileName() + ".fenced");
		Path temporary = owner.temporary();
		ReadBuffer buffer = owner.buffers().files();
		putAsideIfUnusable(path, owner);
		putAsideIfUnusable(fenced, owner);
		Path aside = StoreFiles.putAsideIfNoFile(temporary);
		if (aside != null) {
			owner.unreadable().onUnreadable(aside, new IOException("was in the place of a file: file=" + temporary));
		}
		try {
			StoreFiles.move(path, fenced);
		}
		catch (NoSuchFileException ex) {
			// The first term, or a successor has died here.
		}
		Content content = StoreFiles.exists(fenced) ? CheckpointFile.read(fenced, buffer) : owner.last();
		StoreFiles.deleteIfExists(temporary);
		CheckpointFile file;
		try {
			file = CheckpointFile.create(temporary, path, content.ofNextTerm());
		}
		catch (IOException ex) {
			if (!StoreFiles.exists(fenced)) {
				throw ex;
			}
			StoreFiles.publish(fenced, path);
			return CheckpointFile.open(path, content, buffer);
		}
		try {
			keepTime(fenced, temporary);
			StoreFiles.publish(temporary, path);
			StoreFiles.deleteIfExists(fenced);
		}
		catch (IOException ex) {
			file.close();
			StoreFiles.deleteIfExists(temporary);
			throw ex;
		}
		return file;
	}

	/** What another process may be able to read is left to it for a while. */
	private static void putAsideIfUnusable(Path file, TermOwner owner) throws IOException {
		try {
			CheckpointFile.read(file, owner.buffers().files());
		}
		catch (UnreadableCheckpointException ex) {
			if (!owner.replacesUnreadable()) {
				throw ex;
			}
			putAside(file, owner, ex);
		}
		catch (UntrustedFileException ex) {
			putAside(file, owner, ex);
		}
	}

	private static void putAside(Path file, TermOwner owner, IOException reason) throws IOException {
		owner.unreadable().onUnreadable(StoreFiles.putAside(file), reason);
	}

	/** The file's time says when something was collected last: not now. */
	private static void keepTime(Path from, Path to) throws IOException {
		if (StoreFiles.exists(from)) {
			StoreFiles.setTime(to, StoreFiles.attributes(from).lastModifiedTime());
		}
	}

}
