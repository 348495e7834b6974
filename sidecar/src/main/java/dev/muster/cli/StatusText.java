package dev.muster.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;

/** The status of a set as an operator reads it: a header, the members, the decision. */
final class StatusText {
    private static final String NONE = "-";
    private static final List<String> COLUMNS =
            List.of("Member", "Ordinal", "State", "Votes", "Lag", "Cloned from", "Uptime");
    private static final Set<Integer> NUMBERS = Set.of(1, 3, 4, 6);
    private static final int SECONDS_PER_MINUTE = 60;
    private static final int SECONDS_PER_HOUR = 3_600;
    private static final int SECONDS_PER_DAY = 86_400;

    private final Fields status;
    private final boolean colours;

    StatusText(Fields status, boolean colours) {
        this.status = status;
        this.colours = colours;
    }

    /** Whether the decision says that nothing has to be done and nothing is missing. */
    static boolean isSettled(Fields status) {
        return status.part("decision").text("kind", "").equalsIgnoreCase("settled");
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("Set %s (%s)".formatted(status.text("setName", NONE), status.text("replicaSetId", "no id yet")));
        lines.add("Primary %s, configuration version %s, term %s"
                .formatted(
                        shortName(status.text("primary", "none")),
                        status.text("configVersion", NONE),
                        status.text("configTerm", NONE)));
        lines.addAll(members());
        for (Fields missing : status.parts("missing")) {
            lines.add("Missing: %s (%s)".formatted(missing.text("name", "?"), missing.text("why", "reason not known")));
        }
        lines.addAll(footer());
        return lines;
    }

    private List<String> members() {
        TextTable table = new TextTable(COLUMNS, NUMBERS);
        List<String> states = new ArrayList<>();
        for (Fields member : status.parts("members")) {
            states.add(member.text("state", ""));
            table.add(List.of(
                    member.text("name", member.text("host", "?")) + (member.isTrue("self") ? " *" : ""),
                    member.text("ordinal", NONE),
                    state(member),
                    member.text("votes", NONE),
                    duration(member.number("lagSeconds")),
                    shortName(member.text("clonedFrom", NONE)),
                    duration(member.number("uptimeSeconds"))));
        }
        List<String> lines = table.lines();
        // A colour would count as width, so it comes after the padding; the first three lines are the table's head.
        for (int row = 0; row < states.size(); row++) {
            lines.set(row + 3, coloured(lines.get(row + 3), states.get(row)));
        }
        return lines;
    }

    private static String state(Fields member) {
        String health = member.truth("healthy").orElse(true) ? "" : " (down)";
        OptionalDouble progress = member.number("cloneProgress");
        String clone = progress.isPresent()
                ? String.format(Locale.ROOT, " %.0f %%", 100 * progress.getAsDouble())
                : member.text("cloneProgress", "").transform(text -> text.isEmpty() ? "" : " " + text);
        String kind = member.isTrue("hidden") ? " (hidden)" : "";
        return member.text("state", NONE) + clone + kind + health;
    }

    private List<String> footer() {
        Fields decision = status.part("decision");
        List<String> lines = new ArrayList<>();
        if (status.isTrue("paused")) {
            lines.add("Paused: Muster makes no changes until 'muster resume'.");
        }
        Fields approval = status.part("approval");
        if (!approval.text("what", "").isEmpty()) {
            lines.add("Approved%s: %s. %s carries it out, until %s."
                    .formatted(
                            approval.isTrue("expired") ? ", but expired" : "",
                            approval.text("what", NONE),
                            approval.text("carriedOutBy", NONE),
                            approval.text("validUntil", NONE)));
        }
        if (!status.truth("ready").orElse(true)) {
            lines.add("%s is not ready: %s"
                    .formatted(status.text("self", "This member"), status.text("readyReason", "reason not known")));
        }
        lines.add("%s %s: %s"
                .formatted(
                        bold(decision.text("kind", "unknown")),
                        decision.text("reason", NONE),
                        decision.text("message", "the sidecar has not made a decision yet")));
        String whatToDo = status.text("whatToDo", "");
        if (!whatToDo.isEmpty()) {
            lines.add("What to do: " + whatToDo.replace("`", "'"));
        }
        for (Fields waits : status.parts("waiting")) {
            lines.add("Also waiting: %s: %s".formatted(waits.text("reason", NONE), waits.text("message", "")));
        }
        return lines;
    }

    /** A member's name for its host; any other text as it is. */
    private String shortName(String host) {
        return status.parts("members").stream()
                .filter(member -> member.text("host", "").equals(host))
                .map(member -> member.text("name", host))
                .findFirst()
                .orElse(host);
    }

    /** With its two largest units: a lag of 0.5 s, an uptime of 3d 4h. */
    static String duration(OptionalDouble seconds) {
        if (seconds.isEmpty()) {
            return NONE;
        }
        double exact = seconds.getAsDouble();
        long whole = (long) exact;
        if (whole < SECONDS_PER_MINUTE) {
            return exact == whole ? whole + "s" : String.format(Locale.ROOT, "%.1fs", exact);
        }
        if (whole < SECONDS_PER_HOUR) {
            return "%dm %ds".formatted(whole / SECONDS_PER_MINUTE, whole % SECONDS_PER_MINUTE);
        }
        if (whole < SECONDS_PER_DAY) {
            return "%dh %dm".formatted(whole / SECONDS_PER_HOUR, whole % SECONDS_PER_HOUR / SECONDS_PER_MINUTE);
        }
        return "%dd %dh".formatted(whole / SECONDS_PER_DAY, whole % SECONDS_PER_DAY / SECONDS_PER_HOUR);
    }

    private String bold(String text) {
        return colours ? "\033[1m" + text + "\033[0m" : text;
    }

    private String coloured(String line, String state) {
        if (!colours) {
            return line;
        }
        return switch (state) {
            case "PRIMARY" -> "\033[32m" + line + "\033[0m";
            case "SECONDARY", "ARBITER" -> line;
            default -> "\033[33m" + line + "\033[0m";
        };
    }
}
