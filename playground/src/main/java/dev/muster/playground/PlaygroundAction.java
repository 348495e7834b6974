package dev.muster.playground;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** One line that a person typed, understood or not. */
sealed interface PlaygroundAction {
    /** What a line may say, in the words of {@code help}. */
    String HELP = """
            kill N         SIGKILL to mongo-N's mongod
            stop N         SIGTERM to it, and wait until it has ended (about 15 s)
            start N        start it again
            wipe N         lose its volume: kill it, delete its data, start it
            freeze N       SIGSTOP to it: it keeps its connections and answers nothing
            thaw N         SIGCONT
            cut N          cut its network (needs root and iptables)
            heal N         join its network again
            load SIZE      write that much data, such as 200MB
            grow N         add members until there are N
            status         print the table
            help           print this
            quit           stop everything and leave nothing behind""";

    Pattern NUMBER = Pattern.compile("\\d{1,3}");

    /** A verb that is about one member. */
    enum Verb {
        KILL,
        STOP,
        START,
        WIPE,
        FREEZE,
        THAW,
        CUT,
        HEAL
    }

    record OnMember(Verb verb, int ordinal) implements PlaygroundAction {}

    record Load(DataSize size) implements PlaygroundAction {}

    record Grow(int members) implements PlaygroundAction {}

    record Status() implements PlaygroundAction {}

    record Help() implements PlaygroundAction {}

    record Quit() implements PlaygroundAction {}

    /** An empty line. */
    record Nothing() implements PlaygroundAction {}

    /** Names the command, the value and what is allowed. */
    record Invalid(String message) implements PlaygroundAction {}

    /** Understands a line, for a set of that many members. */
    static PlaygroundAction parse(String line, int members) {
        String text = line.strip();
        int space = text.indexOf(' ');
        String word = space < 0 ? text : text.substring(0, space);
        String value = space < 0 ? "" : text.substring(space + 1).strip();
        return switch (word) {
            case "" -> new Nothing();
            case "status" -> withoutValue(word, value, new Status());
            case "help" -> withoutValue(word, value, new Help());
            case "quit", "exit" -> withoutValue(word, value, new Quit());
            case "load" ->
                DataSize.parse(value)
                        .<PlaygroundAction>map(Load::new)
                        .orElseGet(
                                () -> new Invalid("load: " + quoted(value) + " is not a size; write a number from 1 and"
                                        + " B, kB, MB or GB, such as 200MB, up to " + DataSize.MAX));
            case "grow" -> grow(value, members);
            default ->
                verb(word)
                        .map(verb -> onMember(verb, word, value, members))
                        .orElseGet(() ->
                                new Invalid(quoted(word) + " is not a command; the commands are kill, stop, start,"
                                        + " wipe, freeze, thaw, cut, heal, load, grow, status, help, quit"));
        };
    }

    private static PlaygroundAction onMember(Verb verb, String word, String value, int members) {
        String ordinal =
                value.startsWith(LocalSet.SERVICE + "-") ? value.substring(LocalSet.SERVICE.length() + 1) : value;
        if (NUMBER.matcher(ordinal).matches() && Integer.parseInt(ordinal) < members) {
            return new OnMember(verb, Integer.parseInt(ordinal));
        }
        return new Invalid(word + ": " + quoted(value) + " is not a member; write its number, 0 to " + (members - 1));
    }

    private static PlaygroundAction grow(String value, int members) {
        if (NUMBER.matcher(value).matches()) {
            int count = Integer.parseInt(value);
            if (count > members && count <= LoopbackBlock.MAX_MEMBERS) {
                return new Grow(count);
            }
        }
        return new Invalid("grow: " + quoted(value) + " is not possible; write the number of members to have, "
                + (members + 1) + " to " + LoopbackBlock.MAX_MEMBERS);
    }

    private static PlaygroundAction withoutValue(String word, String value, PlaygroundAction action) {
        return value.isEmpty() ? action : new Invalid(word + ": takes nothing after it, not " + quoted(value));
    }

    private static Optional<Verb> verb(String word) {
        for (Verb verb : Verb.values()) {
            if (verb.name().toLowerCase(Locale.ROOT).equals(word)) {
                return Optional.of(verb);
            }
        }
        return Optional.empty();
    }

    private static String quoted(String value) {
        return value.isEmpty() ? "nothing" : "\"" + value + "\"";
    }
}
