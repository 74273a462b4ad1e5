package io.observability.autoconfigure;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Properties of the request filter.
 */
@ConfigurationProperties("observability.http")
class HttpMetricsProperties {

	private static final double NANOS_PER_SECOND = 1e9;

	/**
	 * Whether requests are counted and timed.
	 */
	private boolean enabled = true;

	/**
	 * Value of the label app_name. Defaults to 'spring.application.name', or
	 * 'application' where that is not set either.
	 */
	private @Nullable String appName;

	/**
	 * Upper bounds of the latency buckets in seconds, increasing; the bucket without a
	 * bound need not be given. Defaults to the buckets of Python's prometheus_client.
	 */
	private List<Double> buckets = List.of(.005, .01, .025, .05, .075, .1, .25, .5, .75, 1d, 2.5, 5d, 7.5, 10d);

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public @Nullable String getAppName() {
		return this.appName;
	}

	public void setAppName(@Nullable String appName) {
		this.appName = appName;
	}

	public List<Double> getBuckets() {
		return this.buckets;
	}

	public void setBuckets(List<Double> buckets) {
		if (!areValid(buckets)) {
			throw new InvalidPropertyException("observability.http.buckets", buckets,
					"Give the upper bounds of the buckets in seconds, at least one, each positive and greater than "
							+ "the one before it, as in '0.01,0.1,1', or remove the property.");
		}
		this.buckets = buckets;
	}

	List<Duration> getBucketBounds() {
		return this.buckets.stream().map((bucket) -> Duration.ofNanos(nanos(bucket))).toList();
	}

	private static boolean areValid(List<Double> buckets) {
		long previous = 0;
		for (Double bucket : buckets) {
			if (bucket == null || nanos(bucket) <= previous || bucket.isInfinite()) {
				return false;
			}
			previous = nanos(bucket);
		}
		return !buckets.isEmpty();
	}

	private static long nanos(double seconds) {
		return Math.round(seconds * NANOS_PER_SECOND);
	}

}
