/**
 * Who is there: the store's folder, the slots in it, and which of them are held by a
 * living process. Liveness is an operating-system file lock, never a process id.
 */
@NullMarked
package io.observability.instance;

import org.jspecify.annotations.NullMarked;
