/** Clients of a real set, whose history is judged. They speak through MongoDB's driver and know nothing of Muster. */
@NullMarked
package dev.muster.judge.clients;

import org.jspecify.annotations.NullMarked;
