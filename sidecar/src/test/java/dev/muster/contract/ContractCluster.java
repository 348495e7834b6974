package dev.muster.contract;

import dev.muster.kube.Kubernetes;
import dev.muster.plan.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A Kubernetes, real or simulated, with what a test does to it and sees of it. In it is a StatefulSet {@code mongo}
 * of three pods, numbered from 0 on, made all at once, whose Role names the pods and claims of the first five
 * ordinals. Its containers need not run.
 */
public interface ContractCluster extends AutoCloseable {
    /**
     * The port of a new process in the pod of ordinal 0, with the rights of the Role and no others. Each has watches
     * of its own; all have the same address.
     */
    Kubernetes sidecar();

    /** The same of a process that has no rights at all. */
    Kubernetes sidecarWithoutRights();

    /** The same of a process to which nobody answers: connections are refused. */
    Kubernetes sidecarOfNobody();

    /** The same of a process whose requests arrive and get no answer. */
    Kubernetes sidecarOfTheSilent();

    /** How often any of these was told of a change. */
    int changes();

    void scale(int replicas);

    /** Removes the StatefulSet; its pods stay. */
    void removeStatefulSet();

    /** Removes the record. */
    void removeRecord();

    boolean podExists(int ordinal);

    /** Deletes the pod of ordinal 0; it stays Terminating until this is closed. */
    void deleteLastingly();

    /** Has the API server show another address for the pod of ordinal 0 than that of the processes. */
    void moveAway();

    /** Replaces the pod of ordinal 0 by another with its name and its address. */
    void replacePod();

    /** The uid of the pod of ordinal 0. */
    String podUid();

    /** The version of the pod of ordinal 0, which each change of it changes. */
    String podVersion();

    /** The label {@code muster.dev/role} of the pod of ordinal 0. */
    String roleLabel();

    /** Who stands behind the primary's Service. */
    List<String> primaryAddresses();

    /** For each Event of that reason, the uid of the pod that it is about. */
    List<String> podsOfEvents(String reason);

    /** Carries all of these out at once. */
    List<Outcome> atOnce(List<Supplier<Outcome>> writes);

    /** Waits until it is so; fails when it takes longer than a few seconds. */
    void await(String sentence, BooleanSupplier isSo);

    /** By a clock that goes at the pace of the cluster. */
    Duration elapsed();

    @Override
    void close();
}
