package io.observability.autoconfigure;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the request filter.
 *
 * @param enabled Whether requests are counted and timed.
 * @param appName Value of the label 'app_name'. By default 'spring.application.name', or
 * 'application' where that is not set either.
 * @param buckets Upper bounds of the latency buckets, in seconds and increasing. The
 * bucket without a bound is always there. By default those of Python's prometheus_client
 * (Histogram.DEFAULT_BUCKETS).
 */
@ConfigurationProperties("observability.http")
record HttpMetricsProperties(@DefaultValue("true") boolean enabled, @Nullable String appName, @DefaultValue( {
		"0.005", "0.01", "0.025", "0.05", "0.075", "0.1", "0.25", "0.5", "0.75", "1", "2.5", "5", "7.5",
		"10" }) List<Double> buckets){

	private static final double NANOS_PER_SECOND = 1e9;

	HttpMetricsProperties {
		if (!areValid(buckets)) {
			throw new InvalidPropertyException("observability.http.buckets", buckets,
					"Give the upper bounds of the buckets in seconds, at least one, each positive and greater than "
							+ "the one before it, as in '0.01,0.1,1', or remove the property.");
		}
	}

	List<Duration> bucketBounds() {
		return this.buckets.stream().map((bucket) -> Duration.ofNanos(nanos(bucket))).toList();
	}

	private static boolean areValid(List<Double> buckets) {
		long previous = 0;
		for (Double bucket : buckets) {
			long nanos = nanos(bucket);
			if (nanos <= previous || nanos == Long.MAX_VALUE) {
				return false;
			}
			previous = nanos;
		}
		return !buckets.isEmpty();
	}

	private static long nanos(double seconds) {
		return Math.round(seconds * NANOS_PER_SECOND);
	}

}
