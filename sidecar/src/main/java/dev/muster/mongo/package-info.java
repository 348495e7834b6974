/** What a {@code mongod} is asked and told, behind {@link dev.muster.mongo.Mongod}; and the driver's side of it. */
@NullMarked
package dev.muster.mongo;

import org.jspecify.annotations.NullMarked;
