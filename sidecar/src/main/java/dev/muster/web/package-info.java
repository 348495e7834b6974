/** What a person or a machine can see of Muster from outside, and the socket by which a person commands it. */
@NullMarked
package dev.muster.web;

import org.jspecify.annotations.NullMarked;
