package dev.muster.sim.mongod;

import dev.muster.model.SourcePreference;
import java.util.Optional;

/**
 * How a mongod is started.
 *
 * @param setName its {@code --replSet}; without one it can be no member
 * @param key the content of its {@code --keyFile}; without one it wants no authentication
 * @param sourcePreference whom it chooses to clone from
 */
public record Launch(Optional<String> setName, Optional<String> key, SourcePreference sourcePreference) {}
