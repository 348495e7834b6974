/** Commands to a {@code mongod}: the port {@link dev.muster.mongo.Mongod} and its adapter by the driver. */
@NullMarked
package dev.muster.mongo;

import org.jspecify.annotations.NullMarked;
