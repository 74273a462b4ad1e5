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

package io.observability.internal.logback.appender;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * An appender's use of a store. A store serves one merged log: two appenders with
 * different files would get each other's events.
 */
final class StoreUse implements Closeable {

	private static final Map<Path, Use> USES = new HashMap<>();

	private final Path store;

	private StoreUse(Path store) {
		this.store = store;
	}

	static StoreUse begin(Path store, String file) throws IOException {
		synchronized (USES) {
			Use use = USES.computeIfAbsent(store, (path) -> new Use(file));
			if (!use.file.equals(file)) {
				throw new IOException("store already serves another log file: file=" + file + ", other=" + use.file
						+ ", storeDirectory=" + store);
			}
			use.count++;
			return new StoreUse(store);
		}
	}

	@Override
	public void close() {
		synchronized (USES) {
			USES.computeIfPresent(this.store, (path, use) -> (--use.count > 0) ? use : null);
		}
	}

	private static final class Use {

		private final String file;

		private int count;

		Use(String file) {
			this.file = file;
		}

	}

}
