/**
 * Every order in which the sidecars, the servers and an operator can act, in a world of two to three pods. The rules, the
 * step runner and the announcement are the real ones; the servers and the API server are as small as they can be.
 */
package dev.muster.interleaving;
