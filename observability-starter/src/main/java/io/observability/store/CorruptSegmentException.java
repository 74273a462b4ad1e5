package io.observability.store;

import java.io.IOException;

/**
 * A file does not hold what its format asks for.
 */
class CorruptSegmentException extends IOException {

	private static final long serialVersionUID = 1L;

	CorruptSegmentException(String message) {
		super(message);
	}

}
