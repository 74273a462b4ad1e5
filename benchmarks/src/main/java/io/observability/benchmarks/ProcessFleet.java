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

package io.observability.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Instances of one store, each a process with the same series: one that is scraped, and
 * small ones beside it.
 */
final class ProcessFleet implements Closeable {

	/** More at once would only wait for each other's start. */
	private static final int STARTS_AT_ONCE = 8;

	private final TemporaryFolder store;

	private final ChildProcess scraped;

	private final List<ChildProcess> others;

	private ProcessFleet(TemporaryFolder store, ChildProcess scraped, List<ChildProcess> others) {
		this.store = store;
		this.scraped = scraped;
		this.others = others;
	}

	/** Starts a fleet, and returns when all its instances have recorded. */
	static ProcessFleet start(int instances, int series) throws IOException {
		TemporaryFolder store = TemporaryFolder.create("store");
		ChildProcess scraped = ScrapedApplication.startShared(store.path(), series);
		scraped.awaitLine("ready");
		ProcessFleet fleet = new ProcessFleet(store, scraped, new ArrayList<>());
		fleet.add(instances - 1, series);
		return fleet;
	}

	private void add(int instances, int series) throws IOException {
		for (int i = 0; i < instances; i++) {
			this.others.add(InstanceMain.start(this.store.path(), series));
			if (i >= STARTS_AT_ONCE) {
				this.others.get(i - STARTS_AT_ONCE).awaitLine("ready");
			}
		}
		for (int i = Math.max(0, instances - STARTS_AT_ONCE); i < instances; i++) {
			this.others.get(i).awaitLine("ready");
		}
	}

	Scrape scrape() throws IOException {
		return ScrapedApplication.scrape(this.scraped);
	}

	Path store() {
		return this.store.path();
	}

	/** Those that are not scraped. */
	List<ChildProcess> others() {
		return this.others;
	}

	@Override
	public void close() throws IOException {
		this.others.forEach(ChildProcess::kill);
		this.scraped.kill();
		this.store.close();
	}

}
