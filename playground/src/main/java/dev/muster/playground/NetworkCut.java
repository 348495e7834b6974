package dev.muster.playground;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Cuts the network between one member and all others, with packet filters that know a process by its group.
 * The filters of a set are in one chain that carries the process id of the playground, so that one left by a
 * playground that was killed is recognised and removed by the next.
 */
final class NetworkCut {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String CHAIN_PREFIX = "MUSTER-";
    private static final Pattern CHAIN = Pattern.compile("-N (" + CHAIN_PREFIX + "(\\d{1,10})-\\S+)");
    /** Groups that no distribution gives to anyone. */
    private static final int FIRST_GROUP = 47010;

    /** Of {@code ss -tnpH}: state, two queue lengths, then the local address. */
    private static final int LOCAL_COLUMN = 3;

    private final LoopbackBlock block;
    private final String chain;
    private final Set<Integer> cut = new HashSet<>();

    NetworkCut(LoopbackBlock block) {
        this.block = block;
        this.chain = CHAIN_PREFIX + ProcessHandle.current().pid() + "-"
                + block.network().split("[.]", -1)[1] + "." + block.network().split("[.]", -1)[2];
    }

    /** The group that the processes of a member run with; empty where this user may not choose one. */
    static Optional<Integer> group(int ordinal) {
        return Shell.isRoot() ? Optional.of(FIRST_GROUP + ordinal) : Optional.empty();
    }

    /** Why cutting is not possible on this machine; empty when it is. */
    static Optional<String> obstacle() {
        if (!Shell.isRoot()) {
            return Optional.of("cut needs root and iptables; this user is not root");
        }
        if (Shell.onPath("iptables").isEmpty()) {
            return Optional.of("cut needs root and iptables; iptables is not installed");
        }
        return Optional.empty();
    }

    /** Installs iptables where it is missing and may be installed; {@link #obstacle} tells whether it is there then. */
    static void installMissing() {
        if (!Shell.isRoot()) {
            return;
        }
        try {
            DebianPackage.ensure("iptables");
        } catch (IOException e) {
            throw new PlaygroundException("iptables could not be installed: " + e.getMessage(), e);
        }
    }

    /**
     * Drops what goes to and from the mongod port of that member, but for its own processes, and resets the
     * connections that exist. Name server and status pages stay reachable.
     *
     * @param processes the member's own
     */
    synchronized void cut(int ordinal, List<Long> processes) {
        installMissing();
        obstacle().ifPresent(reason -> {
            throw new PlaygroundException(reason);
        });
        if (!cut.add(ordinal)) {
            return;
        }
        apply();
        resetConnections(ordinal, processes);
    }

    /** Takes the filters of that member away; one that is not cut is no failure. */
    synchronized void heal(int ordinal) {
        if (cut.remove(ordinal)) {
            apply();
        }
    }

    synchronized boolean isCut(int ordinal) {
        return cut.contains(ordinal);
    }

    /** Takes all filters of this set away. */
    synchronized void healAll() {
        if (!cut.isEmpty()) {
            cut.clear();
            apply();
        }
    }

    /** Removes the filters of playgrounds that are no longer alive. Does nothing where cutting is impossible. */
    static void removeStale() {
        if (obstacle().isPresent()) {
            return;
        }
        Shell.Result rules = Shell.run(TIMEOUT, List.of("iptables", "-w", "-S"));
        for (String line : rules.output().lines().toList()) {
            Matcher matcher = CHAIN.matcher(line);
            if (matcher.matches()
                    && ProcessHandle.of(Long.parseLong(matcher.group(2))).isEmpty()) {
                remove(matcher.group(1));
            }
        }
    }

    private void apply() {
        remove(chain);
        if (cut.isEmpty()) {
            return;
        }
        iptables("-N", chain);
        for (int ordinal : cut.stream().sorted().toList()) {
            String address = block.member(ordinal).getHostAddress();
            String group = Integer.toString(FIRST_GROUP + ordinal);
            filter(address, "!", "--gid-owner", group, "-j", "DROP");
            // Its own address first: the member's sidecar goes on talking to its mongod.
            filter(address, "--gid-owner", group, "-j", "RETURN");
            filter(block.network(), "--gid-owner", group, "-j", "DROP");
        }
        iptables("-I", "OUTPUT", "-j", chain);
    }

    /** Appends a filter of what goes to the mongod port at that address, by the owner of the process that sends it. */
    private void filter(String destination, String... ownerAndTarget) {
        String port = Integer.toString(LoopbackBlock.MONGOD_PORT);
        Stream<String> match = Stream.of("-A", chain, "-p", "tcp", "-d", destination, "--dport", port, "-m", "owner");
        iptables(Stream.concat(match, Stream.of(ownerAndTarget)).toArray(String[]::new));
    }

    private static void remove(String chain) {
        // Each fails when there is nothing to remove, which is the usual case.
        Shell.run(TIMEOUT, List.of("iptables", "-w", "-D", "OUTPUT", "-j", chain));
        Shell.run(TIMEOUT, List.of("iptables", "-w", "-F", chain));
        Shell.run(TIMEOUT, List.of("iptables", "-w", "-X", chain));
    }

    private static void iptables(String... arguments) {
        List<String> words = new ArrayList<>(List.of("iptables", "-w"));
        words.addAll(List.of(arguments));
        Shell.Result result = Shell.run(TIMEOUT, words);
        if (!result.succeeded()) {
            throw new PlaygroundException("cut needs iptables with the owner match: " + result.output());
        }
    }

    /**
     * An open connection would go on carrying what the other side streams without being asked. Best effort:
     * where the kernel cannot destroy sockets, they end with their own time-outs.
     */
    private void resetConnections(int ordinal, List<Long> processes) {
        if (Shell.onPath("ss").isEmpty()) {
            return;
        }
        String port = Integer.toString(LoopbackBlock.MONGOD_PORT);
        String address = block.member(ordinal).getHostAddress();
        Shell.run(TIMEOUT, List.of("ss", "-K", "dst", address, "dport", "=", port));
        String outgoing =
                Shell.run(TIMEOUT, List.of("ss", "-tnpH", "dport", "=", port)).output();
        for (String line : outgoing.lines().toList()) {
            if (processes.stream().anyMatch(process -> line.contains("pid=" + process + ","))) {
                String local = line.strip().split("\\s+", -1)[LOCAL_COLUMN];
                int colon = local.lastIndexOf(':');
                Shell.run(
                        TIMEOUT,
                        List.of(
                                "ss",
                                "-K",
                                "src",
                                address(local.substring(0, colon)),
                                "sport",
                                "=",
                                local.substring(colon + 1)));
            }
        }
    }

    /** As the filter takes it: a dual-stack socket is listed as {@code [::ffff:127.0.0.1]}. */
    private static String address(String listed) {
        return listed.replaceAll("[\\[\\]]", "").replace("::ffff:", "");
    }
}
