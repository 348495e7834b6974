package dev.muster.e2e;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.bson.Document;

/** The configurations that a set had one after the other, from what its mongods logged. */
record ConfigHistory(List<Config> configs) {
    /**
     * One configuration.
     *
     * @param since when each mongod that logged it, by the order of its lines, took it into use
     */
    record Config(long term, long version, Set<String> voters, Set<String> members, List<Instant> since) {
        /** When a majority of its voters could have it: the median of the times, if each logged it once. */
        Optional<Instant> inUseBy(int members) {
            return since.stream().sorted().skip(members - 1L).findFirst();
        }
    }

    /** @param logs the lines of one mongod each; other lines than its JSON are passed over */
    static ConfigHistory of(Collection<List<String>> logs) {
        Map<Long, Config> byVersion = new TreeMap<>();
        for (List<String> log : logs) {
            for (String line : log) {
                parse(line).ifPresent(config -> byVersion.merge(config.version(), config, ConfigHistory::merge));
            }
        }
        return new ConfigHistory(byVersion.values().stream()
                .sorted(Comparator.comparingLong(Config::version))
                .toList());
    }

    private static Config merge(Config one, Config other) {
        List<Instant> since = new ArrayList<>(one.since());
        since.addAll(other.since());
        // The same version in a new term is what a new primary writes at its election; the members are the same.
        return new Config(Math.max(one.term(), other.term()), one.version(), other.voters(), other.members(), since);
    }

    private static Optional<Config> parse(String line) {
        if (!MongodLogLines.usesConfig(line)) {
            return Optional.empty();
        }
        Document entry = Document.parse(line);
        Document config = entry.get("attr", Document.class).get("config", Document.class);
        if (config == null || !config.containsKey("members")) {
            return Optional.empty();
        }
        List<Document> members = config.getList("members", Document.class);
        return Optional.of(new Config(
                number(config, "term"),
                number(config, "version"),
                members.stream()
                        .filter(member -> number(member, "votes") > 0 && !member.getBoolean("newlyAdded", false))
                        .map(member -> member.getString("host"))
                        .collect(Collectors.toCollection(TreeSet::new)),
                members.stream().map(member -> member.getString("host")).collect(Collectors.toCollection(TreeSet::new)),
                List.of(entry.get("t", java.util.Date.class).toInstant())));
    }

    private static long number(Document document, String key) {
        return document.get(key) instanceof Number number ? number.longValue() : 0;
    }

    /** The first configuration with so many voters. */
    Optional<Config> firstWithVoters(int voters) {
        return configs.stream()
                .filter(config -> config.voters().size() == voters)
                .findFirst();
    }

    /** The steps in which more than one vote changed: there must be none. */
    List<String> leaps() {
        List<String> leaps = new ArrayList<>();
        for (int i = 1; i < configs.size(); i++) {
            Config before = configs.get(i - 1);
            Config after = configs.get(i);
            Set<String> changed = new TreeSet<>(before.voters());
            changed.addAll(after.voters());
            changed.removeIf(
                    host -> before.voters().contains(host) && after.voters().contains(host));
            if (changed.size() > 1) {
                leaps.add("version %d to %d changes the votes of %s"
                        .formatted(before.version(), after.version(), changed));
            }
        }
        return leaps;
    }

    /** The versions that no log shows. Where there are some, {@link #leaps()} may see two steps as one. */
    boolean complete() {
        return !configs.isEmpty()
                && configs.getLast().version() - configs.getFirst().version() == configs.size() - 1;
    }

    /** Versions that only a forced change makes: it leaps by thousands. */
    List<Long> forced() {
        List<Long> forced = new ArrayList<>();
        for (int i = 1; i < configs.size(); i++) {
            if (configs.get(i).version() - configs.get(i - 1).version() > 1000) {
                forced.add(configs.get(i).version());
            }
        }
        return forced;
    }
}
