/** Applications that use the set from inside the cluster, where the members' names resolve. */
@NullMarked
package dev.muster.e2e.writer;

import org.jspecify.annotations.NullMarked;
