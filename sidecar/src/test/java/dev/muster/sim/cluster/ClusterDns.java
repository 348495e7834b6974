package dev.muster.sim.cluster;

import static java.util.Objects.requireNonNull;

import dev.muster.dns.Names.Addresses;
import dev.muster.dns.Names.Answer;
import dev.muster.dns.Names.Failed;
import dev.muster.dns.Names.NoAddress;
import dev.muster.dns.Names.NoSuchName;
import dev.muster.model.HostAddress;
import dev.muster.model.Naming;
import dev.muster.sim.cluster.KubernetesObjects.Kind;
import dev.muster.sim.cluster.KubernetesObjects.Pod;
import dev.muster.sim.engine.Network;
import dev.muster.sim.engine.Scheduler;
import dev.muster.sim.trouble.Fault;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster's DNS says of the headless Service's hosts. It follows the pods that the API server shows, ready
 * or not, each after a while of its own: endpoints are written late, and answers are kept.
 */
public final class ClusterDns {
    /** What is wrong with one name, or with all. */
    public enum Fault {
        NONE,
        /** The name is said not to exist: an answer kept from before it did. */
        NO_SUCH_NAME,
        /** The name is said to have no address. */
        NO_ADDRESS,
        /** SERVFAIL. */
        FAILING,
        SILENT,
        /** The address of the pod that had the name before; where there was none, the true one. */
        STALE
    }

    /** Who asks: each has a resolver of its own, and perhaps the answer of another name server, or an older one. */
    public enum Asker {
        SIDECAR,
        MONGOD
    }

    /** How long CoreDNS keeps an answer, and again as long for a slow controller. */
    private static final Duration LATEST = Duration.ofSeconds(45);

    private static final Duration LATE = Duration.ofSeconds(10);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration LATEST_GONE = Duration.ofSeconds(5);

    private final ApiServer server;
    private final Scheduler scheduler;
    private final Network network;
    private final Naming naming;
    private final Map<String, Pod> followed = new LinkedHashMap<>();
    private final TreeMap<String, Host> hosts = new TreeMap<>();
    private final Map<Asker, Map<String, Fault>> faults =
            Map.of(Asker.SIDECAR, new TreeMap<>(), Asker.MONGOD, new TreeMap<>());
    private final Set<String> leftOut = new LinkedHashSet<>();
    private Fault fault = Fault.NONE;
    private Duration latest = LATEST;

    private record Host(
            String podUid, InetAddress address, @Nullable InetAddress before) {}

    public ClusterDns(ApiServer server, Network network, Naming naming) {
        this.server = server;
        this.scheduler = server.scheduler();
        this.network = network;
        this.naming = naming;
        server.watch(kind -> {
            if (kind == Kind.PODS) {
                follow();
            }
        });
    }

    private void follow() {
        for (Pod pod : server.pods().values()) {
            if (pod.hasAddress() && followed.putIfAbsent(pod.uid(), pod) == null) {
                scheduler.after(untilShown(), () -> show(pod));
            }
        }
        for (Pod pod : List.copyOf(followed.values())) {
            if (server.pod(pod).isEmpty()) {
                followed.remove(pod.uid());
                scheduler.after(shorter(LATEST_GONE), () -> hide(pod));
            }
        }
    }

    private Duration untilShown() {
        double luck = scheduler.random().nextDouble();
        return shorter(luck < 0.8 ? SOON : luck < 0.95 ? LATE : LATEST);
    }

    private Duration shorter(Duration most) {
        return scheduler.between(Duration.ZERO, most.compareTo(latest) < 0 ? most : latest);
    }

    private String hostOf(Pod pod) {
        return naming.address(pod.ordinal()).host();
    }

    private void show(Pod pod) {
        if (followed.containsKey(pod.uid())) {
            Host before = hosts.get(hostOf(pod));
            hosts.put(hostOf(pod), new Host(pod.uid(), pod.address(), before == null ? null : before.address()));
        }
    }

    private void hide(Pod pod) {
        Host present = hosts.get(hostOf(pod));
        if (present != null && present.podUid().equals(pod.uid())) {
            hosts.put(hostOf(pod), new Host("", pod.address(), pod.address()));
        }
    }

    /** Has nothing take longer than this to show. */
    public void latest(Duration most) {
        latest = most;
    }

    /** The same for every name. */
    public void fault(Fault every) {
        fault = every;
    }

    /** For one host, or for the Service's own name. */
    public void fault(String name, Fault what) {
        fault(name, what, Set.of(Asker.values()));
    }

    /** The same for these askers only. */
    public void fault(String name, Fault what, Set<Asker> askers) {
        askers.forEach(asker -> faultsFor(asker).put(name, what));
    }

    private Map<String, Fault> faultsFor(Asker asker) {
        return requireNonNull(faults.get(asker), "unknown asker");
    }

    /** Leaves a host out of the Service's answer; asked for by itself it is found. */
    public void leaveOut(String host) {
        leftOut.add(host);
    }

    /** All is well again; names still take their time. */
    public void heal() {
        fault = Fault.NONE;
        faults.values().forEach(Map::clear);
        leftOut.clear();
    }

    /** What a sidecar meets when it asks for a name: the host's own fault comes after that of all. */
    Fault faultOf(String name) {
        return faultOf(name, Asker.SIDECAR);
    }

    private Fault faultOf(String name, Asker asker) {
        return fault == Fault.NONE ? faultsFor(asker).getOrDefault(name, Fault.NONE) : fault;
    }

    Duration latency() {
        return network.latency();
    }

    Scheduler scheduler() {
        return scheduler;
    }

    boolean answers(int place) {
        return network.connects(place, Network.NAME_SERVER);
    }

    /** The addresses that come with the Service's answer; empty where it fails. */
    Map<String, InetAddress> ofService(String service) {
        Map<String, InetAddress> found = new TreeMap<>();
        Fault ofService = faultOf(service);
        if (service.equals(naming.serviceName()) && (ofService == Fault.NONE || ofService == Fault.STALE)) {
            hosts.keySet().forEach(host -> {
                if (!leftOut.contains(host) && withService(host) instanceof Addresses one) {
                    found.put(host, one.addresses().getFirst());
                }
            });
        }
        return found;
    }

    /** A host whose own name fails is in the Service's answer all the same; one that is said to be nowhere is not. */
    private Answer withService(String host) {
        Fault own = faultOf(host);
        return own == Fault.FAILING || own == Fault.SILENT ? truth(host, false) : ofHost(host);
    }

    /** What a sidecar is told of one host; a silent one fails, after a while that is the caller's to wait. */
    Answer ofHost(String host) {
        return ofHost(host, Asker.SIDECAR);
    }

    private Answer ofHost(String host, Asker asker) {
        return switch (faultOf(host, asker)) {
            case NONE -> truth(host, false);
            case STALE -> truth(host, true);
            case NO_SUCH_NAME -> new NoSuchName();
            case NO_ADDRESS -> new NoAddress();
            case FAILING -> new Failed("the name server answers SERVFAIL for " + host);
            case SILENT -> new Failed("no answer for %s: the query timed out".formatted(host));
        };
    }

    private Answer truth(String host, boolean stale) {
        Host found = hosts.get(host);
        if (found == null) {
            return new NoSuchName();
        }
        if (stale && found.before() != null) {
            return new Addresses(List.of(found.before()));
        }
        return found.podUid().isEmpty() ? new NoSuchName() : new Addresses(List.of(found.address()));
    }

    /**
     * As a {@code mongod} at that place looks a host up, which takes no time here. The address of a pod that is gone leads
     * nowhere, also where another pod has it by now: MongoDB would take that pod's member for the one it looked for, for
     * as long as the connection lasts. That is a hole of MongoDB's, and Muster does not close it.
     */
    public Optional<InetAddress> resolve(HostAddress host, int place) {
        return answers(place) && ofHost(host.host(), Asker.MONGOD) instanceof Addresses found
                ? Optional.of(found.addresses().getFirst())
                        .filter(address -> followed.values().stream()
                                .noneMatch(pod -> pod.address().equals(address)
                                        && !hostOf(pod).equals(host.host())))
                : Optional.empty();
    }
}
