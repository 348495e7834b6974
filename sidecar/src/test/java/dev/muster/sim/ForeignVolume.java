package dev.muster.sim;

import dev.muster.model.HostAddress;
import dev.muster.model.SourcePreference;
import dev.muster.sim.engine.Network;
import dev.muster.sim.engine.Scheduler;
import dev.muster.sim.mongod.Launch;
import dev.muster.sim.mongod.MongodListener;
import dev.muster.sim.mongod.MongodProcess;
import dev.muster.sim.mongod.Mongods;
import dev.muster.sim.mongod.Volume;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;

/** The disk of another set of the same name, such as of a namesake in another cluster. */
final class ForeignVolume {
    private ForeignVolume() {}

    /** Makes one, whose configuration names the pod of that ordinal, or some other host. */
    static Volume make(int ordinal, int number) {
        HostAddress host =
                number % 2 == 0 ? SimulatedWorld.NAMING.address(ordinal) : new HostAddress("elsewhere", 27017);
        Scheduler scheduler = new Scheduler(number);
        InetAddress address = InetAddress.ofLiteral("10.200.0.1");
        Mongods mongods = new Mongods(
                scheduler, new Network(scheduler), (place, name) -> Optional.of(address), new MongodListener() {});
        Volume volume = new Volume();
        MongodProcess process = mongods.process(
                0,
                address,
                host.port(),
                volume,
                new Launch(
                        Optional.of(SimulatedWorld.SET_NAME), Optional.of(SimulatedWorld.KEY), SourcePreference.ANY));
        process.start();
        scheduler.run(Duration.ofSeconds(5));
        process.initiate(
                new BsonDocument("_id", new BsonString(SimulatedWorld.SET_NAME))
                        .append("version", new BsonInt32(1))
                        .append(
                                "members",
                                new BsonArray(List.of(new BsonDocument("_id", new BsonInt32(0))
                                        .append("host", new BsonString(host.toString()))))),
                answer -> {});
        scheduler.run(Duration.ofSeconds(20));
        process.kill();
        if (volume.isEmpty()) {
            throw new IllegalStateException("the other set was not made");
        }
        return volume;
    }
}
