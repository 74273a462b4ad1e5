/**
 * A queue of log records per instance, in files that survive it, and the collector that
 * merges all of them into one file. Knows bytes, levels and times, but no logging
 * library.
 */
@NullMarked
package io.observability.logqueue;

import org.jspecify.annotations.NullMarked;
