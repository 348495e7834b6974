package dev.muster.e2e;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A pod with an application of {@code dev.muster.e2e.writer}. */
final class ApplicationPod {
    static final int PORT = 8080;

    private ApplicationPod() {}

    /**
     * Makes the pod; does not wait for it. The application knows the root user.
     *
     * @param node where it is to run: one that will not fail
     * @param arguments options of the JVM, the main class, its arguments
     * @param environment its variables
     */
    static void create(
            Release release,
            String name,
            Optional<String> node,
            List<String> arguments,
            Map<String, String> environment) {
        List<EnvVar> variables =
                new ArrayList<>(List.of(secret("MONGODB_USER", "username"), secret("MONGODB_PASSWORD", "password")));
        environment.forEach((variable, value) -> variables.add(
                new EnvVarBuilder().withName(variable).withValue(value).build()));
        release.client()
                .pods()
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(release.namespace())
                        .endMetadata()
                        .withNewSpec()
                        .withRestartPolicy("Never")
                        .withTerminationGracePeriodSeconds(0L)
                        .withAutomountServiceAccountToken(false)
                        .withNodeSelector(node.map(value -> Map.of("kubernetes.io/hostname", value))
                                .orElse(Map.of()))
                        .withNewSecurityContext()
                        .withRunAsNonRoot(true)
                        .withRunAsUser(999L)
                        .withNewSeccompProfile()
                        .withType("RuntimeDefault")
                        .endSeccompProfile()
                        .endSecurityContext()
                        .addNewContainer()
                        .withName(name)
                        .withImage(WriterImage.name())
                        .withImagePullPolicy("IfNotPresent")
                        .withArgs(arguments)
                        .withEnv(variables)
                        .withNewSecurityContext()
                        .withAllowPrivilegeEscalation(false)
                        .withNewCapabilities()
                        .withDrop("ALL")
                        .endCapabilities()
                        .endSecurityContext()
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
    }

    private static EnvVar secret(String variable, String key) {
        return new EnvVarBuilder()
                .withName(variable)
                .withNewValueFrom()
                .withNewSecretKeyRef(key, Release.NAME + "-root", false)
                .endValueFrom()
                .build();
    }
}
