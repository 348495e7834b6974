/**
 * Decides the next step from a snapshot. Pure: the same snapshot gives the same decision, on every machine and at any
 * time. Start reading at {@link dev.muster.plan.Planner}.
 */
@NullMarked
package dev.muster.plan;

import org.jspecify.annotations.NullMarked;
