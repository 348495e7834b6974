/** One look at everything: each source answers, or becomes a value that says why it did not. */
@NullMarked
package dev.muster.observe;

import org.jspecify.annotations.NullMarked;
