/**
 * Everything that may change something from outside: the socket and its commands, approvals, the pause, and the preStop
 * hook that holds a pod's end. HTTP and metrics only read.
 */
@NullMarked
package dev.muster.control;

import org.jspecify.annotations.NullMarked;
