package dev.muster.kube;

import dev.muster.model.Approval;
import dev.muster.model.HostAddress;
import dev.muster.model.Naming;
import dev.muster.model.Self;
import dev.muster.model.SetRecord;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bson.Document;

/** The record as a ConfigMap, readable with {@code kubectl get configmap -o yaml}. Pure. */
final class RecordDocument {
    private static final String PHASE = "phase";
    private static final String NOT_INITIATED = "not-initiated";
    private static final String INTENDED = "intended";
    private static final String FORMED = "formed";
    private static final String SET_NAME = "set-name";
    private static final String NAMESPACE = "namespace";
    private static final String STATEFUL_SET = "statefulset";
    private static final String ID = "replica-set-id";
    private static final String HOLDER = "intended-by-pod-uid";
    private static final String HOLDERS = "intended-by-ordinals";
    private static final String GIVEN_UP = "given-up-replica-set-ids";
    private static final String NEW_SET = "approved-new-set";
    private static final String SEED = "approved-seed";
    private static final String FORCE = "approved-force-reconfig";
    private static final String RENAME = "approved-rename-set";
    private static final Pattern HOLDERS_VALUE = Pattern.compile("([0-9]{1,9}(,[0-9]{1,9})*)?");
    private static final Pattern NEW_SET_VALUE =
            Pattern.compile("replica-set-id=([0-9a-f]{24}) approved-at=([-0-9T:.Z]{20,30})");
    private static final Pattern SEED_VALUE =
            Pattern.compile("ordinal=([0-9]{1,9})( replica-set-id=([0-9a-f]{24}))? approved-at=([-0-9T:.Z]{20,30})");
    private static final Pattern FORCE_VALUE =
            Pattern.compile("replica-set-id=([0-9a-f]{24}) config-version=([0-9]{1,10}) election-term=(-?[0-9]{1,18})"
                    + " survivor=([0-9]{1,9}) down=(\\S{1,20000}) approved-at=([-0-9T:.Z]{20,30})");

    private static final Pattern RENAME_VALUE = Pattern.compile(
            "ordinal=([0-9]{1,9}) replica-set-id=([0-9a-f]{24}) config-version=([0-9]{1,10})"
                    + " from=([-.*0-9A-Za-z]{1,253}) new-replica-set-id=([0-9a-f]{24}) approved-at=([-0-9T:.Z]{20,30})");

    private RecordDocument() {}

    /** The name of the ConfigMap that holds the record. */
    static String name(Naming naming) {
        return naming.statefulSet() + "-muster";
    }

    static Document empty(Naming naming) {
        return new Document("apiVersion", "v1")
                .append("kind", "ConfigMap")
                .append(
                        "metadata",
                        new Document("name", name(naming))
                                .append("namespace", naming.namespace())
                                .append("labels", new Document("app.kubernetes.io/managed-by", "muster")))
                .append("data", new Document());
    }

    /**
     * What a ConfigMap says.
     *
     * @param lasting for how long it has been seen as it is
     */
    static SetRecord read(Document configMap, Self self, String ownUid, Duration lasting) {
        if (isOfAnotherPlace(configMap, self)) {
            return new SetRecord.Absent();
        }
        Document data = data(configMap);
        String recordedName = data.get(SET_NAME, "");
        if (!recordedName.equals(self.setName())) {
            return new SetRecord.Unavailable(
                    "it is the record of replica set '%s', not of '%s'".formatted(recordedName, self.setName()));
        }
        String id = data.get(ID, "");
        return switch (data.get(PHASE, "")) {
            case NOT_INITIATED -> new SetRecord.Absent(approval(data), lasting);
            case INTENDED -> intended(data, ownUid, lasting);
            case FORMED ->
                id.isEmpty()
                        ? new SetRecord.Unavailable("its phase is formed, but it has no replica-set-id")
                        : new SetRecord.Formed(id, approval(data), lasting);
            default ->
                new SetRecord.Unavailable("its phase is '%s'; allowed: %s, %s, %s"
                        .formatted(data.get(PHASE, ""), NOT_INITIATED, INTENDED, FORMED));
        };
    }

    /**
     * Whether the record was written for another namespace or StatefulSet: backup tools copy ConfigMaps. It says nothing of
     * the set here. An older Muster did not name the place.
     */
    private static boolean isOfAnotherPlace(Document configMap, Self self) {
        Document data = data(configMap);
        return !data.get(NAMESPACE, self.naming().namespace())
                        .equals(self.naming().namespace())
                || !data.get(STATEFUL_SET, self.naming().statefulSet())
                        .equals(self.naming().statefulSet());
    }

    /** What of an earlier record counts here. */
    private static Document before(Document configMap, Self self) {
        return isOfAnotherPlace(configMap, self) ? new Document() : data(configMap);
    }

    /** What every record begins with: its phase, and whose it is. */
    private static Document of(Self self, String phase) {
        return new Document(PHASE, phase)
                .append(SET_NAME, self.setName())
                .append(NAMESPACE, self.naming().namespace())
                .append(STATEFUL_SET, self.naming().statefulSet());
    }

    private static SetRecord intended(Document data, String ownUid, Duration lasting) {
        String holder = data.get(HOLDER, "");
        String holders = data.get(HOLDERS, "");
        return HOLDERS_VALUE.matcher(holders).matches()
                ? new SetRecord.Intended(
                        holder, ordinals(holders), !ownUid.isEmpty() && ownUid.equals(holder), lasting, approval(data))
                : new SetRecord.Unavailable(
                        "its %s is '%s'; allowed: ordinals with commas between them".formatted(HOLDERS, holders));
    }

    private static SortedSet<Integer> ordinals(String holders) {
        return Pattern.compile(",")
                .splitAsStream(holders)
                .filter(ordinal -> !ordinal.isEmpty())
                .map(Integer::valueOf)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** A value that cannot be read approves nothing: an operator can write the record, and an older Muster wrote less. */
    private static Approval approval(Document data) {
        Matcher newSet = NEW_SET_VALUE.matcher(data.get(NEW_SET, ""));
        Matcher seed = SEED_VALUE.matcher(data.get(SEED, ""));
        Matcher force = FORCE_VALUE.matcher(data.get(FORCE, ""));
        Matcher rename = RENAME_VALUE.matcher(data.get(RENAME, ""));
        try {
            if (rename.matches()) {
                return new Approval.RenameSet(
                        Integer.parseInt(rename.group(1)),
                        rename.group(2),
                        Long.parseLong(rename.group(3)),
                        rename.group(4),
                        rename.group(5),
                        Instant.parse(rename.group(6)));
            }
            if (seed.matches()) {
                return new Approval.Seed(
                        Integer.parseInt(seed.group(1)),
                        Optional.ofNullable(seed.group(3)),
                        Instant.parse(seed.group(4)));
            }
            if (newSet.matches()) {
                return new Approval.NewSet(newSet.group(1), Instant.parse(newSet.group(2)));
            }
            return force.matches() ? force(force) : new Approval.None();
        } catch (IllegalArgumentException | DateTimeException e) {
            return new Approval.None();
        }
    }

    private static Approval.ForceReconfig force(Matcher value) {
        List<HostAddress> down = Pattern.compile(",")
                .splitAsStream(value.group(5))
                .map(HostAddress::parse)
                .toList();
        return new Approval.ForceReconfig(
                new Approval.Incident(
                        value.group(1),
                        Long.parseLong(value.group(2)),
                        Long.parseLong(value.group(3)),
                        Integer.parseInt(value.group(4)),
                        down),
                Instant.parse(value.group(6)));
    }

    /**
     * Our intent instead of the previous data. The id of a set that is replaced is kept for operators, and so are the
     * ordinals of earlier intents, which the next first ordinal asks. The approval of a seed is kept for the pod that
     * has it: another pod of its name carries it out if this one cannot.
     */
    static Document intended(Document configMap, Self self, String ownUid) {
        Document data = before(configMap, self);
        SortedSet<Integer> holders = ordinals(data.get(HOLDERS, ""));
        holders.add(self.ordinal());
        Document changed = of(self, INTENDED)
                .append(HOLDER, ownUid)
                .append(HOLDERS, holders.stream().map(String::valueOf).collect(Collectors.joining(",")));
        String givenUp = (data.get(GIVEN_UP, "") + " " + data.get(ID, "")).strip();
        if (!givenUp.isEmpty()) {
            changed.append(GIVEN_UP, givenUp);
        }
        if (approval(data) instanceof Approval.Seed seed && seed.ordinal() == self.ordinal()) {
            changed.append(SEED, text(seed));
        }
        return with(configMap, changed);
    }

    static Document formed(Document configMap, Self self, String replicaSetId) {
        Document changed = of(self, FORMED).append(ID, replicaSetId);
        Optional.ofNullable(before(configMap, self).getString(GIVEN_UP))
                .ifPresent(ids -> changed.append(GIVEN_UP, ids));
        // Members that have not got their new names yet still need it.
        if (approval(before(configMap, self)) instanceof Approval.RenameSet rename
                && rename.newId().equals(replicaSetId)) {
            changed.append(RENAME, text(rename));
        }
        return with(configMap, changed);
    }

    /** With that approval and no other; {@link Approval.None} removes every approval. */
    static Document approved(Document configMap, Self self, Approval approval) {
        Document before = before(configMap, self);
        Document changed = before.containsKey(PHASE) ? new Document(before) : of(self, NOT_INITIATED);
        changed.remove(NEW_SET);
        changed.remove(SEED);
        changed.remove(FORCE);
        changed.remove(RENAME);
        switch (approval) {
            case Approval.None none -> {}
            case Approval.NewSet newSet ->
                changed.append(
                        NEW_SET, "replica-set-id=%s approved-at=%s".formatted(newSet.replicaSetId(), newSet.givenAt()));
            case Approval.Seed seed -> changed.append(SEED, text(seed));
            case Approval.ForceReconfig force -> changed.append(FORCE, text(force));
            case Approval.RenameSet rename -> changed.append(RENAME, text(rename));
        }
        return with(configMap, changed);
    }

    private static String text(Approval.Seed seed) {
        return "ordinal=%d%s approved-at=%s"
                .formatted(
                        seed.ordinal(),
                        seed.replaces().map(id -> " replica-set-id=" + id).orElse(""),
                        seed.givenAt());
    }

    private static String text(Approval.RenameSet rename) {
        return String.format(
                Locale.ROOT,
                "ordinal=%d replica-set-id=%s config-version=%d from=%s new-replica-set-id=%s approved-at=%s",
                rename.ordinal(),
                rename.replicaSetId(),
                rename.configVersion(),
                rename.from(),
                rename.newId(),
                rename.givenAt());
    }

    private static String text(Approval.ForceReconfig force) {
        Approval.Incident incident = force.incident();
        return String.format(
                Locale.ROOT,
                "replica-set-id=%s config-version=%d election-term=%d survivor=%d down=%s approved-at=%s",
                incident.replicaSetId(),
                incident.configVersion(),
                incident.electionTerm(),
                incident.survivor(),
                incident.down().stream().map(HostAddress::toString).collect(Collectors.joining(",")),
                force.givenAt());
    }

    private static Document with(Document configMap, Document data) {
        return new Document(configMap).append("data", data);
    }

    private static Document data(Document configMap) {
        return configMap.get("data", new Document());
    }
}
