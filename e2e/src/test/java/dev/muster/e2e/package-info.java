/** Muster on the Kubernetes cluster that {@code KUBECONFIG} names. */
@NullMarked
package dev.muster.e2e;

import org.jspecify.annotations.NullMarked;
