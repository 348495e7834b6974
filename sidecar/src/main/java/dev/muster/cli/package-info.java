/** The command line. Only the classes of the command that is called are loaded: the sidecar has to start fast. */
@NullMarked
package dev.muster.cli;

import org.jspecify.annotations.NullMarked;
