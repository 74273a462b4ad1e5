/**
 * The merged view as client_java's {@code MetricSnapshots}, which its writers turn into
 * every format.
 */
@NullMarked
package io.observability.merge;

import org.jspecify.annotations.NullMarked;
