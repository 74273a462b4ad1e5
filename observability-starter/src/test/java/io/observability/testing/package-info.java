/**
 * What tests of several packages share.
 */
@NullMarked
package io.observability.testing;

import org.jspecify.annotations.NullMarked;
