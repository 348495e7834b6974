package dev.muster.playground;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.bson.Document;
import org.bson.json.JsonWriterSettings;

/** Shows a set as text for people, or as JSON for programs. */
final class MemberTable {
    private static final List<String> HEADINGS = List.of("MEMBER", "STATE", "VOTES", "LAG", "CLONED FROM", "UPTIME");

    private MemberTable() {}

    static String text(SetState view) {
        List<List<String>> rows = new ArrayList<>(List.of(HEADINGS));
        for (MemberView member : view.members()) {
            rows.add(List.of(
                    member.name(),
                    member.state(),
                    Integer.toString(member.votes()),
                    seconds(member.lagSeconds()),
                    member.clonedFrom().map(MemberTable::shortName).orElse("-"),
                    seconds(member.uptimeSeconds())));
        }
        StringBuilder text = new StringBuilder("set " + LocalSet.SET_NAME + "   replicaSetId "
                + view.replicaSetId().orElse("-") + "   primary "
                + view.primary().orElse("-") + "\n");
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                line.append(row.get(column))
                        .append(" ".repeat(width(rows, column) - row.get(column).length() + 2));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        view.decision().ifPresent(sentence -> text.append(sentence).append('\n'));
        return text.toString();
    }

    /** The answer of {@code --once -o json}. */
    static String json(SetState view, Duration bootstrap) {
        List<Document> members = view.members().stream()
                .map(member -> new Document("name", member.name())
                        .append("host", member.host())
                        .append("state", member.state())
                        .append("votes", member.votes())
                        .append("clonedFrom", member.clonedFrom().orElse(null)))
                .toList();
        return new Document("replicaSetId", view.replicaSetId().orElse(null))
                .append("bootstrapSeconds", bootstrap.toMillis() / 1000.0)
                .append("members", members)
                .toJson(JsonWriterSettings.builder().indent(true).build());
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    private static String shortName(String host) {
        int dot = host.indexOf('.');
        return dot < 0 ? host : host.substring(0, dot);
    }

    private static String seconds(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() + " s" : "-";
    }
}
