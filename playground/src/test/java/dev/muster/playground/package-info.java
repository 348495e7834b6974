@NullMarked
package dev.muster.playground;

import org.jspecify.annotations.NullMarked;
