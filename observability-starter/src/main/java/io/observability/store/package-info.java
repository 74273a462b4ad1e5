/**
 * The metrics of a fleet in files: layouts, the writer of this instance, the reader of
 * all instances, and the archive of those that have ended. Knows neither Micrometer nor
 * Prometheus' client; what a series means is said by its {@link Family}.
 */
@NullMarked
package io.observability.store;

import org.jspecify.annotations.NullMarked;
