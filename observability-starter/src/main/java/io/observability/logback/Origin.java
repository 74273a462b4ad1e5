package io.observability.logback;

/**
 * The process that has logged an event.
 *
 * @param instance name of its instance
 * @param pid its process id
 */
record Origin(String instance, long pid) {

	/** Name of the property of a logger context, and of its events, for the instance. */
	static final String INSTANCE_PROPERTY = "observability.instance";

	/** The same for the process id. */
	static final String PID_PROPERTY = "observability.pid";

}
