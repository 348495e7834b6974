package dev.muster.e2e;

import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.util.Objects;

/** A release's permissions at the API server, taken from it: to a sidecar it is as if the API server were away. */
final class Permissions {
    private final Release release;
    private final RoleBinding binding;

    private Permissions(Release release, RoleBinding binding) {
        this.release = release;
        this.binding = binding;
    }

    static Permissions take(Release release) {
        var binding = release.client()
                .rbac()
                .roleBindings()
                .inNamespace(release.namespace())
                .withName(Release.NAME);
        RoleBinding taken = Objects.requireNonNull(binding.get(), "there is no RoleBinding " + Release.NAME);
        binding.delete();
        return new Permissions(release, taken);
    }

    void giveBack() {
        binding.getMetadata().setResourceVersion(null);
        binding.getMetadata().setUid(null);
        release.client()
                .rbac()
                .roleBindings()
                .inNamespace(release.namespace())
                .resource(binding)
                .create();
    }
}
