/** The metrics that Prometheus scrapes. */
@NullMarked
package dev.muster.metrics;

import org.jspecify.annotations.NullMarked;
