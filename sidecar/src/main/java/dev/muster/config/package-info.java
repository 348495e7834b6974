/** What an operator sets: the options, their values and what is allowed. */
@NullMarked
package dev.muster.config;

import org.jspecify.annotations.NullMarked;
