/**
 * A real replica set on one machine: provides mongod, gives each member an address and a name, starts
 * members and their sidecars, and breaks them on request. {@link dev.muster.playground.LocalSet} is the
 * way in for tests and benchmarks, {@link dev.muster.playground.PlaygroundCommand} the one for people.
 */
@NullMarked
package dev.muster.playground;

import org.jspecify.annotations.NullMarked;
