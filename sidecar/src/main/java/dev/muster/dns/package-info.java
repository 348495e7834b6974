/** The names of the peers, asked of the name server itself: no cache, no JVM resolver in between. */
@NullMarked
package dev.muster.dns;

import org.jspecify.annotations.NullMarked;
