/**
 * What recording, scraping and logging cost, next to the libraries that users would take
 * instead.
 */
@NullMarked
package io.observability.benchmarks;

import org.jspecify.annotations.NullMarked;
