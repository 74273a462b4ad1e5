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
 * A checkpoint has a version that this process does not know, or permissions that keep it
 * out. A process that can read it may be there to collect.
 */
final class UnreadableCheckpointException extends IOException {

	private static final long serialVersionUID = 1L;

	UnreadableCheckpointException(Path checkpoint, IOException cause) {
		super(cause.getMessage() + ", file=" + checkpoint, cause);
	}

}
