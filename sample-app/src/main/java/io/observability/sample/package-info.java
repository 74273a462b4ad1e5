/**
 * A small web shop that runs as a fleet of processes.
 */
@NullMarked
package io.observability.sample;

import org.jspecify.annotations.NullMarked;
