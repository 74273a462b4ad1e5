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
 * Reserves a store for one destination in this process. Two appenders of the same name
 * with different attached appenders would receive each other's events.
 */
final class StoreReservation implements Closeable {

	private static final Map<Path, Holders> RESERVATIONS = new HashMap<>();

	private final Path store;

	private StoreReservation(Path store) {
		this.store = store;
	}

	static StoreReservation acquire(Path store, String destination) throws IOException {
		synchronized (RESERVATIONS) {
			Holders holders = RESERVATIONS.computeIfAbsent(store, (path) -> new Holders(destination));
			if (!holders.destination.equals(destination)) {
				throw new IOException("store already serves other appenders: destination=" + destination + ", other="
						+ holders.destination + ", storeDirectory=" + store);
			}
			holders.count++;
			return new StoreReservation(store);
		}
	}

	@Override
	public void close() {
		synchronized (RESERVATIONS) {
			RESERVATIONS.computeIfPresent(this.store, (path, holders) -> (--holders.count > 0) ? holders : null);
		}
	}

	private static final class Holders {

		private final String destination;

		private int count;

		Holders(String destination) {
			this.destination = destination;
		}

	}

}
