/**
 * Properties, beans and failure analyzers: what Spring Boot finds on the class path.
 */
@NullMarked
package io.observability.autoconfigure;

import org.jspecify.annotations.NullMarked;
