/**
 * Properties, beans and failure analyzers. Nothing imports this package.
 */
@NullMarked
package io.observability.autoconfigure;

import org.jspecify.annotations.NullMarked;
