/**
 * What the tests of several packages need.
 */
@NullMarked
package io.observability.testing;

import org.jspecify.annotations.NullMarked;
