package dev.muster.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** One command of {@code muster}. */
interface Command {
    /** How it is called; a new one each time, as picocli's are mutable. Help is added to it. */
    CommandSpec spec();

    /**
     * Does it.
     *
     * @return the exit code; see {@link ExitCode}
     */
    int run(ParseResult arguments, Terminal terminal) throws InterruptedException;

    /**
     * Does what must be done even though the command line is wrong, which has been reported.
     *
     * @param understood what could be read of the command line
     */
    default void afterRefusal(ParseResult understood, Terminal terminal) throws InterruptedException {}
}
