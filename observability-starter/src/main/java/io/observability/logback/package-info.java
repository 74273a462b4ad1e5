/**
 * Logback's side of the merged log: the appender that puts encoded events into this
 * process's queue, and the rolling file that the collector writes.
 */
@NullMarked
package io.observability.logback;

import org.jspecify.annotations.NullMarked;
