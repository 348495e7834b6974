package dev.muster.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether a history can have happened in a database in which each write takes effect at one moment between its call and
 * its answer, and stays. Each list and each register is judged by itself.
 */
public final class HistoryChecker {
    private HistoryChecker() {}

    /** What is wrong; empty if nothing is. The first of each kind for each key. */
    public static List<Anomaly> check(List<Operation> operations) {
        Map<String, ListHistory> lists = new TreeMap<>();
        Map<String, RegisterHistory> registers = new TreeMap<>();
        for (Operation operation : operations) {
            switch (operation) {
                case Operation.Append append ->
                    lists.computeIfAbsent(append.key(), ListHistory::new).add(append);
                case Operation.ReadList read ->
                    lists.computeIfAbsent(read.key(), ListHistory::new).add(read);
                case Operation.Put put ->
                    registers.computeIfAbsent(put.key(), RegisterHistory::new).add(put);
                case Operation.Get get ->
                    registers.computeIfAbsent(get.key(), RegisterHistory::new).add(get);
            }
        }
        List<Anomaly> anomalies = new ArrayList<>();
        lists.values().forEach(list -> anomalies.addAll(list.check()));
        registers.values().forEach(register -> anomalies.addAll(register.check()));
        return anomalies;
    }
}
