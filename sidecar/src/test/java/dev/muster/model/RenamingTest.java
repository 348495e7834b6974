package dev.muster.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RenamingTest {
    private static final Naming NAMING = new Naming("mongo", "db", "shop", "cluster.local", 27017);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.2",
                "[fd00::2]:27017",
                "[fe80::1%eth0.5]:27017",
                "localhost",
                "localhost.localdomain:27018",
                "mongo-0",
                "db0:27018",
                "mongo-0.db",
                "MONGO-0.db.shop",
                "mongo-0.db.shop.svc",
                "mongo-0.db.shop.svc.cluster.local.",
                "mongo-0.db.shop.svc.old.domain",
                "mongo-0.db.shop.svc.cluster.local:27018",
                "mongo-0.",
                "10-0-0-2.shop.pod.cluster.local",
                "fd00--2.shop.pod.cluster.local",
                "10-0-0-2.db.shop.svc.cluster.local"
            })
    void isUnstable(String host) {
        assertThat(Renaming.WHEN_UNSTABLE.replaces(NAMING, HostAddress.parse(host)))
                .isTrue();
        assertThat(Renaming.NEVER.replaces(NAMING, HostAddress.parse(host))).isFalse();
        assertThat(Renaming.ALWAYS.replaces(NAMING, HostAddress.parse(host))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "db0.example.com",
                "db0.example.com:27018",
                "ip-10-0-0-2.ec2.internal",
                "mongo-0.example.com",
                "mongo-0.other.shop.svc.cluster.local",
                "mongo-0.db.test.svc.cluster.local",
                "mongo-x.db.shop.svc",
                "mongodb-0.shop.svc.cluster.local",
                "10-0-0-2.example.com"
            })
    void isStableByItself(String host) {
        assertThat(Renaming.WHEN_UNSTABLE.replaces(NAMING, HostAddress.parse(host)))
                .isFalse();
        assertThat(Renaming.ALWAYS.replaces(NAMING, HostAddress.parse(host))).isTrue();
    }

    @Test
    void aStableNameIsNotReplaced() {
        for (Renaming renaming : Renaming.values()) {
            assertThat(renaming.replaces(NAMING, NAMING.address(0))).isFalse();
        }
    }
}
