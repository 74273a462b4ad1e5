package io.observability.store;

/**
 * A file is of another version of its format: not damaged, but for others to read.
 */
final class UnknownVersionException extends CorruptSegmentException {

	private static final long serialVersionUID = 1L;

	UnknownVersionException(int version) {
		super("unknown version of metrics file: version=" + version + ", known=" + SegmentLayout.VERSION);
	}

}
