package io.observability.logqueue;

import java.time.Instant;

/**
 * Events that were dropped because the backlog was full.
 *
 * @param count how many
 * @param first when the first one was dropped
 * @param last when the last one was dropped
 */
public record DropReport(long count, Instant first, Instant last) {
}
