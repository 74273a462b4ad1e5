package io.observability.logback;

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
