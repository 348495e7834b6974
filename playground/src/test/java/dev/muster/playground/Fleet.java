package dev.muster.playground;

import dev.muster.model.HostAddress;
import java.util.Optional;

/**
 * Fresh mongods for one case of the {@link MongodContract}, numbered from 0; none runs at first. Closing it ends and
 * forgets them.
 */
interface Fleet extends AutoCloseable {
    /**
     * How a mongod is started.
     *
     * @param setName its {@code --replSet}; without one it can be no member
     * @param key the content of its {@code --keyFile}; without one it wants no authentication
     */
    record Launch(Optional<String> setName, Optional<String> key) {}

    /** Starts a mongod on the data that it had, if it ran before. Does not wait until it answers. */
    void start(int member, Launch launch);

    /** SIGKILL. The data stays. */
    void kill(int member);

    /** It keeps its connections and answers nothing, until it is killed or thawed. */
    void freeze(int member);

    void thaw(int member);

    /** Where this JVM reaches it. The same for the whole case, whether it runs or not. */
    HostAddress address(int member);

    /** The name by which the mongods find it. */
    static HostAddress host(int member) {
        return new HostAddress("mongo-%d.contract.example".formatted(member), HostAddress.DEFAULT_PORT);
    }

    /** Another name for the same mongod. */
    static HostAddress secondHost(int member) {
        return new HostAddress("renamed-%d.contract.example".formatted(member), HostAddress.DEFAULT_PORT);
    }

    @Override
    void close();
}
