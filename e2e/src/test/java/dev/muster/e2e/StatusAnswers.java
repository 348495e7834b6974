package dev.muster.e2e;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.bson.Document;

/**
 * What the members' sidecars say at about one moment: {@code /status} of each, by ordinal.
 *
 * @param answers those of the members that answered
 */
record StatusAnswers(TreeMap<Integer, Document> answers) {
    /** Times of operations are whole seconds, and a sidecar looks each second or two. */
    private static final long MOST_LAG_SECONDS = 2;

    /** What one member says; a failure when it did not answer. */
    Document of(int ordinal) {
        return Optional.ofNullable(answers.get(ordinal))
                .orElseThrow(() -> new AssertionError(Release.podName(ordinal) + " does not answer"));
    }

    /** The members that one member sees; a failure when it did not answer. */
    List<Document> members(int ordinal) {
        return members(of(ordinal));
    }

    /** Why this is no formed set of these members; nothing when it is one. */
    Optional<String> notFormed(List<Integer> ordinals) {
        List<String> names = ordinals.stream().map(Release::podName).toList();
        if (!answers.keySet().containsAll(ordinals)) {
            return Optional.of("only " + answers.keySet() + " answer");
        }
        List<String> ids = answers.values().stream()
                .map(answer -> answer.getString("replicaSetId"))
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        if (ids.size() != 1) {
            return Optional.of("replicaSetIds: " + ids);
        }
        for (int ordinal : ordinals) {
            Document answer = of(ordinal);
            if (!answer.getBoolean("ready", false)) {
                return Optional.of(Release.podName(ordinal) + ": " + answer.getString("readyReason"));
            }
            if (!Release.podName(ordinal).equals(answer.getString("self"))) {
                return Optional.of("another pod answers for " + Release.podName(ordinal));
            }
            Optional<String> wrong = wrongMember(members(answer), names);
            if (wrong.isPresent()) {
                return Optional.of(Release.podName(ordinal) + " sees " + wrong.get());
            }
        }
        Optional<Integer> primary = primary();
        if (primary.isEmpty()) {
            return Optional.of("no primary");
        }
        String reason = reason(primary.get()).orElse("none");
        return reason.equals("SETTLED") ? Optional.empty() : Optional.of("the primary's reason is " + reason);
    }

    /**
     * Why no member may be troubled now; nothing when all voters serve and have caught up, as any member sees them that
     * sees a primary: the sidecars of some may be gone for reasons of their own.
     *
     * @param always members that have to be among the voters
     * @param troubled members that were troubled before: what others know of them may be old, so they have to say it too
     */
    Optional<String> notWhole(List<Integer> always, List<Integer> troubled) {
        for (int ordinal : troubled) {
            if (Optional.ofNullable(answers.get(ordinal))
                    .flatMap(StatusAnswers::self)
                    .filter(StatusAnswers::votesAndServes)
                    .isEmpty()) {
                return Optional.of(Release.podName(ordinal) + " does not say that it serves");
            }
        }
        List<List<Document>> views = answers.values().stream()
                .map(StatusAnswers::members)
                .filter(members -> members.stream().anyMatch(member -> "PRIMARY".equals(member.getString("state"))))
                .toList();
        if (views.isEmpty()) {
            return Optional.of("no primary");
        }
        return views.stream()
                .map(members -> notServing(members, always))
                .reduce((one, other) -> one.isEmpty() ? one : other)
                .orElseThrow();
    }

    private static Optional<String> notServing(List<Document> members, List<Integer> always) {
        for (int ordinal : always) {
            if (members.stream()
                    .noneMatch(member ->
                            Release.podName(ordinal).equals(member.getString("name")) && votesAndServes(member))) {
                return Optional.of(Release.podName(ordinal) + " is not seen to serve");
            }
        }
        return members.stream()
                .filter(member -> member.getInteger("votes") == 1 && !votesAndServes(member))
                .findFirst()
                .map(member -> member.getString("name") + " is not seen to serve");
    }

    /** Data that a majority acknowledged a moment ago may be on a member that lags a little, or it may not. */
    private static boolean votesAndServes(Document member) {
        return member.getInteger("votes") == 1
                && List.of("PRIMARY", "SECONDARY").contains(member.getString("state"))
                && member.getBoolean("healthy", false)
                && !(member.get("lagSeconds") instanceof Number lag && lag.longValue() > MOST_LAG_SECONDS);
    }

    private static Optional<String> wrongMember(List<Document> members, List<String> names) {
        if (!members.stream()
                .map(member -> member.getString("name"))
                .sorted()
                .toList()
                .equals(names.stream().sorted().toList())) {
            return Optional.of("other members: "
                    + members.stream().map(m -> m.getString("name")).toList());
        }
        long voters = members.stream()
                .filter(member -> member.getInteger("votes") == 1)
                .count();
        if (voters != Math.min(7, names.size())) {
            return Optional.of(voters + " voters");
        }
        return members.stream()
                .filter(member -> !List.of("PRIMARY", "SECONDARY").contains(member.getString("state"))
                        || !member.getBoolean("healthy"))
                .findFirst()
                .map(member -> member.getString("name") + " as " + member.getString("state"));
    }

    /** The id that the answers agree on. */
    String replicaSetId() {
        return answers.values().stream()
                .map(answer -> answer.getString("replicaSetId"))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow();
    }

    /** The ordinal of the member that sees itself as the primary, in the highest election term. */
    Optional<Integer> primary() {
        return answers.entrySet().stream()
                .filter(answer -> self(answer.getValue())
                        .filter(self -> "PRIMARY".equals(self.getString("state")))
                        .isPresent())
                .max((a, b) -> Long.compare(term(a.getValue()), term(b.getValue())))
                .map(java.util.Map.Entry::getKey);
    }

    /** The term of the newest election whose primary answers as such; -1 without. */
    long electionTerm() {
        return primary().map(ordinal -> term(of(ordinal))).orElse(-1L);
    }

    private static long term(Document answer) {
        return answer.get("electionTerm") instanceof Number term ? term.longValue() : -1;
    }

    private static Optional<Document> self(Document answer) {
        return members(answer).stream()
                .filter(member -> member.getBoolean("self", false))
                .findFirst();
    }

    static List<Document> members(Document answer) {
        return answer.containsKey("members") ? answer.getList("members", Document.class) : List.of();
    }

    /** From whom a member says that it made its clone. */
    Optional<String> clonedFrom(int ordinal) {
        return Optional.ofNullable(answers.get(ordinal))
                .flatMap(StatusAnswers::self)
                .map(self -> self.getString("clonedFrom"));
    }

    /** The version of the configuration, as a member has it. */
    int configVersion(int ordinal) {
        return of(ordinal).get("configVersion", Number.class).intValue();
    }

    /** The reason of a sidecar's present decision. */
    Optional<String> reason(int ordinal) {
        return decision(ordinal).map(decision -> decision.getString("reason"));
    }

    /** The words of a sidecar's present decision. */
    Optional<String> message(int ordinal) {
        return decision(ordinal).map(decision -> decision.getString("message"));
    }

    private Optional<Document> decision(int ordinal) {
        return Optional.ofNullable(answers.get(ordinal)).map(answer -> answer.get("decision", Document.class));
    }
}
