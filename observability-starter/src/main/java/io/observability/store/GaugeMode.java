package io.observability.store;

/**
 * How the gauges of several instances become one, with the meaning that Python's
 * {@code prometheus_client} gives these names in its multiprocess mode.
 */
public enum GaugeMode {

	/** One series per instance, ended ones as well. */
	ALL(false),

	/** The sum over all instances, ended ones as well. */
	SUM(false),

	/** The least value of all instances, ended ones as well. */
	MIN(false),

	/** The greatest value of all instances, ended ones as well. */
	MAX(false),

	/** The value that was set last, by an ended instance as well. */
	MOSTRECENT(false),

	/** One series per living instance. */
	LIVEALL(true),

	/** The sum over the living instances. */
	LIVESUM(true),

	/** The least value of the living instances. */
	LIVEMIN(true),

	/** The greatest value of the living instances. */
	LIVEMAX(true),

	/** The value that a living instance set last. */
	LIVEMOSTRECENT(true);

	private final boolean liveOnly;

	GaugeMode(boolean liveOnly) {
		this.liveOnly = liveOnly;
	}

	/**
	 * Whether only instances that are alive count.
	 * @return whether ended instances are left out
	 */
	public boolean isLiveOnly() {
		return this.liveOnly;
	}

	/**
	 * Whether each instance keeps a series of its own, told apart by the instance label.
	 * @return whether the instance label is added
	 */
	public boolean isPerInstance() {
		return this == ALL || this == LIVEALL;
	}

}
