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

package io.observability.internal.metrics.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import io.observability.internal.instance.InstanceInfo;
import io.observability.internal.instance.Slot;
import io.observability.internal.instance.Slots;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.memory.Uninterruptibly;
import io.observability.internal.metrics.format.SegmentLayout;
import io.observability.internal.segment.ChainId;
import org.jspecify.annotations.Nullable;

/**
 * A look whether there is anything to fold, which reads no more than names and a few
 * bytes of each file: most of the time there is nothing. In doubt it says yes.
 */
final class EndedChains {

	private EndedChains() {
	}

	static boolean areThere(StoreDirectory store) throws IOException {
		for (Slot slot : new Slots(store).list()) {
			InstanceInfo living = slot.livingOccupant();
			try (DirectoryStream<Path> files = Files.newDirectoryStream(slot.directory())) {
				for (Path file : files) {
					if (hasEnded(file, living)) {
						return true;
					}
				}
			}
			catch (NoSuchFileException ex) {
				// Deleted meanwhile.
			}
			catch (DirectoryIteratorException ex) {
				throw ex.getCause();
			}
		}
		return false;
	}

	private static boolean hasEnded(Path file, @Nullable InstanceInfo living) throws IOException {
		ChainId.Link link = ChainId.parse(file.getFileName().toString());
		if (link == null) {
			return false;
		}
		return living == null || !living.id().equals(link.chain().instanceId())
				|| Uninterruptibly.call(() -> isClosed(file));
	}

	/** One byte of the state changes, so it need not be read as numbers are. */
	private static boolean isClosed(Path file) throws IOException {
		ByteBuffer header = ByteBuffer.allocate(SegmentLayout.CREATED_OFFSET).order(ByteOrder.LITTLE_ENDIAN);
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
			channel.read(header, 0);
		}
		return !header.hasRemaining() && header.getInt(SegmentLayout.STATE_OFFSET) == SegmentLayout.STATE_CLOSED;
	}

}
