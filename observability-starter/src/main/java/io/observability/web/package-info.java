/**
 * The request filter and its meters. Knows Micrometer and the web stack, and nothing of
 * where the meters are kept.
 */
@NullMarked
package io.observability.web;

import org.jspecify.annotations.NullMarked;
