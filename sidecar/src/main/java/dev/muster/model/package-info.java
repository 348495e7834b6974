/**
 * What Muster knows about a replica set, as immutable values. Nothing in this package reads a clock,
 * the environment or a socket.
 */
@NullMarked
package dev.muster.model;

import org.jspecify.annotations.NullMarked;
