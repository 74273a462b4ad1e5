/**
 * The actuator endpoint that tells of the fleet itself.
 */
@NullMarked
package io.observability.actuate;

import org.jspecify.annotations.NullMarked;
