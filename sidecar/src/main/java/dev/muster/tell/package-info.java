/** What is told: one report of each cycle, its log and history, and what Kubernetes is told of it. */
@NullMarked
package dev.muster.tell;

import org.jspecify.annotations.NullMarked;
