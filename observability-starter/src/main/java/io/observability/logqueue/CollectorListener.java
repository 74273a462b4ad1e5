package io.observability.logqueue;

/** Is told how collecting goes, on the collector's thread. */
public interface CollectorListener {

	/**
	 * Collecting has failed. It is tried again until it works; nothing is lost.
	 * @param cause what went wrong
	 */
	void collectingFails(Throwable cause);

	/** Collecting works again. */
	void collectingWorks();

}
