package dev.muster.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The hosts of a StatefulSet's pods in some place: {@code mongo-0.mongo.prod.svc.cluster.local} and so on. As a text, the
 * ordinal is a star: {@code mongo-*.mongo.prod.svc.cluster.local}.
 *
 * @param statefulSet the StatefulSet's name
 * @param domain what comes after the pod's name and a dot
 */
public record PodHosts(String statefulSet, String domain) {
    public PodHosts {
        requireNonNull(statefulSet, "statefulSet is null");
        requireNonNull(domain, "domain is null");
    }

    /** The place that all of these hosts are of; empty if they are of several, or of none. */
    public static Optional<PodHosts> of(List<HostAddress> hosts) {
        return hosts.stream()
                .findFirst()
                .flatMap(PodHosts::of)
                .filter(place ->
                        hosts.stream().allMatch(host -> place.ordinalOf(host).isPresent()));
    }

    private static Optional<PodHosts> of(HostAddress host) {
        int dot = host.host().indexOf('.');
        int dash = dot < 0 ? -1 : host.host().lastIndexOf('-', dot);
        return dash <= 0
                ? Optional.empty()
                : Optional.of(
                        new PodHosts(host.host().substring(0, dash), host.host().substring(dot + 1)));
    }

    /** The same from its text; empty if that is none. */
    public static Optional<PodHosts> parse(String text) {
        int star = text.indexOf("-*.");
        return star > 0 && star + 3 < text.length()
                ? Optional.of(new PodHosts(text.substring(0, star), text.substring(star + 3)))
                : Optional.empty();
    }

    /** The ordinal whose host this is; empty if it is no pod's of this place. */
    public OptionalInt ordinalOf(HostAddress host) {
        String end = "." + domain;
        return host.host().endsWith(end)
                ? Naming.ordinalOfPod(host.host().substring(0, host.host().length() - end.length()), statefulSet)
                : OptionalInt.empty();
    }

    @Override
    public String toString() {
        return statefulSet + "-*." + domain;
    }
}
