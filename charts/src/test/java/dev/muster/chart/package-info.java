/** The chart, its alerts and their runbooks, without a cluster. */
@NullMarked
package dev.muster.chart;

import org.jspecify.annotations.NullMarked;
