/**
 * Regions of memory that live in a file (or on the heap, where no file can be had), and
 * access to them whose method names carry the memory mode. Little-endian, naturally
 * aligned; knows nothing of what is stored.
 */
@NullMarked
package io.observability.memory;

import org.jspecify.annotations.NullMarked;
