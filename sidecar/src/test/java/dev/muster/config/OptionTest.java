package dev.muster.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Pins what operators have in their manifests: a change here is a change for them. */
class OptionTest {
    @Test
    void everyNameVariableAndDefault() {
        assertThat(Arrays.stream(Option.values())
                        .map(option -> String.join(
                                " | ",
                                option.flag(),
                                option.variable(),
                                option.defaultValue().asMarkdown())))
                .containsExactly(
                        "--set-name | MUSTER_SET_NAME | `rs0`",
                        "--pod-name | MUSTER_POD_NAME | the environment variable `HOSTNAME`",
                        "--service | MUSTER_SERVICE | the StatefulSet's name",
                        "--namespace | MUSTER_NAMESPACE | the namespace of the pod's service account, otherwise `default`",
                        "--cluster-domain | MUSTER_CLUSTER_DOMAIN | the domain of the `svc.…` search entry in resolv.conf,"
                                + " otherwise `cluster.local`",
                        "--mongod | MUSTER_MONGOD | 127.0.0.1, with the port of `--port`",
                        "--port | MUSTER_PORT | `27017`",
                        "--replicas | MUSTER_REPLICAS | the StatefulSet's `spec.replicas`",
                        "--first-ordinal | MUSTER_FIRST_ORDINAL | `0`",
                        "--seed-ordinal | MUSTER_SEED_ORDINAL | none",
                        "--kubernetes | MUSTER_KUBERNETES | `on` if a service account token is mounted, otherwise `off`",
                        "--keyfile | MUSTER_KEYFILE | none",
                        "--start-dir | MUSTER_START_DIR | none: mongod starts by itself",
                        "--data-dir | MUSTER_DATA_DIR | none",
                        "--root-user-file | MUSTER_ROOT_USER_FILE | none",
                        "--root-password-file | MUSTER_ROOT_PASSWORD_FILE | none",
                        "--http-address | MUSTER_HTTP_ADDRESS | `0.0.0.0`",
                        "--http-port | MUSTER_HTTP_PORT | `8017`",
                        "--socket | MUSTER_SOCKET | `/run/muster/muster.sock`",
                        "--max-lag | MUSTER_MAX_LAG | `10s`",
                        "--rename | MUSTER_RENAME | `when-unstable`",
                        "--prompt-election | MUSTER_PROMPT_ELECTION | `on`",
                        "--dns-server | MUSTER_DNS_SERVER | the name servers in resolv.conf",
                        "--dns-timeout | MUSTER_DNS_TIMEOUT | `2s`",
                        "--log-level | MUSTER_LOG_LEVEL | `info`");
    }
}
