/** Looks up the names of the peers at the name server, without a cache or the JVM's resolver. */
@NullMarked
package dev.muster.dns;

import org.jspecify.annotations.NullMarked;
