/** What a pod's {@code mongod} needs before it starts, and whether it may start. */
@NullMarked
package dev.muster.start;

import org.jspecify.annotations.NullMarked;
