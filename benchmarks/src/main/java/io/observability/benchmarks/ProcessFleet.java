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
