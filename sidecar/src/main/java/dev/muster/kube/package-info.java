/** The Kubernetes API: the port {@link dev.muster.kube.Kubernetes} and its adapter. */
@NullMarked
package dev.muster.kube;

import org.jspecify.annotations.NullMarked;
