/**
 * Micrometer's meters over the cells of the store. Meters that are recorded into are live
 * for every instance; meters that have to be asked (gauges, function counters and timers,
 * long task timers) are sampled now and then.
 */
@NullMarked
package io.observability.registry;

import org.jspecify.annotations.NullMarked;
