package io.observability.store;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Files that could not be read as they should be, each told once.
 */
public final class Problems {

	private final Map<Path, String> byFile = new ConcurrentHashMap<>();

	private final Consumer<String> warning;

	/**
	 * Creates an empty list.
	 * @param warning told of each file once
	 */
	public Problems(Consumer<String> warning) {
		this.warning = warning;
	}

	void found(Path file, Exception cause) {
		String message = cause.getMessage();
		String text = (message != null) ? message : cause.toString();
		if (this.byFile.putIfAbsent(file, text) == null) {
			this.warning
				.accept("metrics file can't be read, the others are shown without it: " + text + ", file=" + file);
		}
	}

	/**
	 * What was found, by file.
	 * @return a copy
	 */
	public Map<Path, String> byFile() {
		return Map.copyOf(this.byFile);
	}

}
