/**
 * Which step follows from what is seen. Pure: the same snapshot gives the same decision, on every machine and at every
 * time. Start reading at {@link dev.muster.plan.Planner}.
 */
@NullMarked
package dev.muster.plan;

import org.jspecify.annotations.NullMarked;
