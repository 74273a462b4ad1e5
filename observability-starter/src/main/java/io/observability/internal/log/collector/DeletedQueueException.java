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

/**
 * Another program has deleted files of a queue whose records are about to be written. Its
 * writer may have put them into another queue already.
 */
final class DeletedQueueException extends IOException {

	private static final long serialVersionUID = 1L;

	DeletedQueueException(Path store) {
		super("files of a queue were deleted, what was read of it is not written: store=" + store);
	}

}
