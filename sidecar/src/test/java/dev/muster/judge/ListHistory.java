package dev.muster.judge;

import dev.muster.judge.Operation.Append;
import dev.muster.judge.Operation.Concern;
import dev.muster.judge.Operation.ReadList;
import dev.muster.judge.Operation.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One list. A read shows the whole order of what was appended until then, so no search is needed: the longest read gives
 * the order, and everything else must agree with it.
 */
final class ListHistory {
    private final String key;
    private final Map<Long, Append> appends = new HashMap<>();
    private final List<ReadList> reads = new ArrayList<>();
    private final Findings findings;

    ListHistory(String key) {
        this.key = key;
        this.findings = new Findings(key);
    }

    void add(Append append) {
        if (appends.put(append.value(), append) != null) {
            throw new IllegalArgumentException("value " + append.value() + " was appended twice to " + key);
        }
    }

    void add(ReadList read) {
        reads.add(read);
    }

    List<Anomaly> check() {
        reads.forEach(this::checkValues);
        ReadList longest = reads.stream()
                .max(Comparator.comparingInt(read -> read.seen().size()))
                .orElse(null);
        if (longest != null) {
            reads.forEach(read -> checkContinues(read, longest));
            checkOrder(longest.seen());
            checkFreshness(longest);
        }
        return findings.all();
    }

    private void checkValues(ReadList read) {
        Set<Long> once = new HashSet<>();
        for (long value : read.seen()) {
            if (!once.add(value)) {
                findings.add(Anomaly.Kind.DUPLICATED, "value %d is there twice in %s", value, read);
            }
            Append append = appends.get(value);
            if (append == null) {
                findings.add(Anomaly.Kind.UNWRITTEN, "nobody appended value %d, which is in %s", value, read);
            } else if (append.result() == Result.REFUSED) {
                findings.add(Anomaly.Kind.UNWRITTEN, "%s was refused, and is in %s", append, read);
            } else if (append.invoked().compareTo(read.returned()) > 0) {
                findings.add(Anomaly.Kind.UNWRITTEN, "%s is in %s, which had returned before", append, read);
            }
        }
    }

    private void checkContinues(ReadList read, ReadList longest) {
        if (!read.seen().equals(longest.seen().subList(0, read.seen().size()))) {
            findings.add(Anomaly.Kind.DIVERGED, "%s and %s", read, longest);
        }
    }

    /** A value that was appended after another one had been acknowledged comes after it. */
    private void checkOrder(List<Long> order) {
        Append earliest = null;
        for (int place = order.size() - 1; place >= 0; place--) {
            Append append = appends.get(order.get(place));
            if (append == null) {
                continue;
            }
            if (earliest != null && earliest.returned().compareTo(append.invoked()) < 0) {
                findings.add(Anomaly.Kind.REORDERED, "%s stands before %s", append, earliest);
            }
            if (append.result() == Result.ACKNOWLEDGED
                    && (earliest == null || append.returned().compareTo(earliest.returned()) < 0)) {
                earliest = append;
            }
        }
    }

    /**
     * A linearizable read has every append that was acknowledged, and everything that another read saw, before it began.
     */
    private void checkFreshness(ReadList longest) {
        Map<Long, Integer> places = new HashMap<>();
        for (int place = 0; place < longest.seen().size(); place++) {
            places.put(longest.seen().get(place), place);
        }
        List<Append> acknowledged = appends.values().stream()
                .filter(append -> append.result() == Result.ACKNOWLEDGED)
                .sorted(Comparator.comparing(Append::returned).thenComparingLong(Append::value))
                .toList();
        List<ReadList> byEnd =
                reads.stream().sorted(Comparator.comparing(ReadList::returned)).toList();
        List<ReadList> fresh = reads.stream()
                .filter(read -> read.concern() == Concern.LINEARIZABLE)
                .sorted(Comparator.comparing(ReadList::invoked))
                .toList();
        int nextAppend = 0;
        int nextRead = 0;
        ReadList richest = null;
        for (ReadList read : fresh) {
            Duration began = read.invoked();
            while (nextAppend < acknowledged.size()
                    && acknowledged.get(nextAppend).returned().compareTo(began) < 0) {
                Append append = acknowledged.get(nextAppend++);
                Integer place = places.get(append.value());
                if (place == null) {
                    findings.add(Anomaly.Kind.LOST, "%s is not in %s", append, read);
                } else if (place >= read.seen().size()) {
                    findings.add(Anomaly.Kind.STALE, "%s is not in %s", append, read);
                }
            }
            while (nextRead < byEnd.size() && byEnd.get(nextRead).returned().compareTo(began) < 0) {
                ReadList before = byEnd.get(nextRead++);
                richest =
                        richest == null || before.seen().size() > richest.seen().size() ? before : richest;
            }
            if (richest != null && richest.seen().size() > read.seen().size()) {
                findings.add(Anomaly.Kind.STALE, "%s had returned before %s began, which has less", richest, read);
            }
        }
    }
}
