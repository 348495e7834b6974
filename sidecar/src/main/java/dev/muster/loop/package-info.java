/** The cycle: observe, plan, act; and when it turns. */
@NullMarked
package dev.muster.loop;

import org.jspecify.annotations.NullMarked;
