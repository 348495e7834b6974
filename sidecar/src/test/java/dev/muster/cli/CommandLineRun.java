package dev.muster.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/** One run of the command line, without a process. */
record CommandLineRun(int code, String out, String err) {
    static CommandLineRun of(Map<String, String> environment, String... arguments) throws InterruptedException {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                Main.execute(new Terminal(new PrintWriter(out), new PrintWriter(err), false, environment), arguments);
        return new CommandLineRun(code, out.toString(), err.toString());
    }

    static CommandLineRun of(String... arguments) throws InterruptedException {
        return of(Map.of(), arguments);
    }
}
