package dev.muster.e2e;

import dev.muster.contract.ContractZone;
import dev.muster.dns.DnsNames;
import dev.muster.dns.Names;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The cluster's own name server for the contract: a headless Service without a selector in a namespace of its own,
 * whose EndpointSlices are written by hand, so that no pod need run.
 */
final class CoreDnsZone implements ContractZone {
    private static final String NAME = "mongo";
    private static final int DNS_PORT = 53;

    private final KubernetesClient admin = Cluster.client();
    private final String namespace =
            "muster-e2e-" + Integer.toString(ThreadLocalRandom.current().nextInt(1 << 20, 1 << 30), 36);
    private final TreeMap<Integer, InetAddress> hosts = new TreeMap<>();
    private final InetSocketAddress server;
    private final DatagramSocket deaf;

    /** Asks one of the name server's pods: its Service has an address that only nodes know. */
    CoreDnsZone(InetAddress server) {
        this.server = new InetSocketAddress(server, DNS_PORT);
        try {
            deaf = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
        admin.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        admin.services()
                .inNamespace(namespace)
                .resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withName(NAME)
                        .endMetadata()
                        .withNewSpec()
                        .withClusterIP("None")
                        .withPublishNotReadyAddresses(true)
                        .addNewPort()
                        .withName("mongodb")
                        .withPort(27017)
                        .endPort()
                        .endSpec()
                        .build())
                .create();
    }

    /** The addresses of the pods of the cluster's DNS, as every common distribution labels them. */
    static List<InetAddress> servers() {
        return Cluster.client()
                .pods()
                .inNamespace("kube-system")
                .withLabel("k8s-app", "kube-dns")
                .list()
                .getItems()
                .stream()
                .map(pod -> pod.getStatus().getPodIP())
                .filter(ip -> ip != null)
                .map(InetAddress::ofLiteral)
                .toList();
    }

    @Override
    public Names names() {
        return names(server);
    }

    @Override
    public Names namesOfNobody() {
        return names(new InetSocketAddress(deaf.getLocalAddress(), deaf.getLocalPort()));
    }

    private Names names(InetSocketAddress address) {
        return new DnsNames(Optional.of(address), timeout(), (_, _) -> {});
    }

    @Override
    public Duration timeout() {
        return Duration.ofSeconds(1);
    }

    @Override
    public String service() {
        return NAME + "." + namespace + ".svc.cluster.local";
    }

    @Override
    public void publish(int ordinal, InetAddress address) {
        hosts.put(ordinal, address);
        write();
    }

    @Override
    public void withdraw(int ordinal) {
        hosts.remove(ordinal);
        write();
    }

    private void write() {
        slice("IPv4", false);
        slice("IPv6", true);
    }

    private void slice(String type, boolean six) {
        List<Endpoint> endpoints = hosts.entrySet().stream()
                .filter(host -> host.getValue() instanceof Inet6Address == six)
                .map(host -> new EndpointBuilder()
                        .withAddresses(canonical(host.getValue()))
                        .withHostname(NAME + "-" + host.getKey())
                        .withNewConditions()
                        .withReady(true)
                        .endConditions()
                        .build())
                .toList();
        admin.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace)
                .resource(new EndpointSliceBuilder()
                        .withNewMetadata()
                        .withName(NAME + (six ? "-v6" : "-v4"))
                        .addToLabels("kubernetes.io/service-name", NAME)
                        .endMetadata()
                        .withAddressType(type)
                        .addNewPort()
                        .withName("mongodb")
                        .withPort(27017)
                        .withProtocol("TCP")
                        .endPort()
                        .withEndpoints(endpoints)
                        .build())
                .createOr(present -> present.update());
    }

    /** The API server takes no other form than that with the zeros left out, which Java does not write. */
    private static String canonical(InetAddress address) {
        return address.getHostAddress().replaceFirst("(^|:)(0(:|$)){2,}", "::");
    }

    /** As long as CoreDNS keeps an answer where it is told to, and a little for it to hear of the change. */
    @Override
    public Duration latest() {
        return Duration.ofSeconds(35);
    }

    @Override
    public void pause(Duration time) {
        Wait.sleep(time);
    }

    @Override
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime());
    }

    @Override
    public void close() {
        deaf.close();
        admin.namespaces().withName(namespace).delete();
    }
}
