package dev.muster.sim.mongod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.OpTime;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When two oplogs differ without the server's knowledge. */
class OplogTest {
    @Test
    @DisplayName("an oplog that ends before a write lacks it, and fetches it")
    void behind() {
        assertThat(oplog(1, 1, 2).hidesTheLackOf(3, oplog(1, 1, 2, 3))).isFalse();
    }

    @Test
    @DisplayName("an oplog of another term lacks a write, and rolls back")
    void anotherTerm() {
        Oplog other = oplog(1, 1);
        other.append(new OplogEntry(new OpTime(2, 2, 1), 3, Optional.empty()));

        assertThat(oplog(1, 1, 2).hidesTheLackOf(3, other)).isFalse();
    }

    @Test
    @DisplayName("two primaries of one term: the entry of the same time is another, and nobody notices")
    void sameTime() {
        assertThat(oplog(1, 1, 2).hidesTheLackOf(3, oplog(1, 1, 3))).isTrue();
    }

    @Test
    @DisplayName("two primaries of one term: a write before the last entry that both have is not noticed either")
    void beforeTheSameTime() {
        Oplog lacks = oplog(1, 1);
        lacks.append(new OplogEntry(new OpTime(1, 3, 1), 9, Optional.empty()));

        assertThat(lacks.hidesTheLackOf(2, oplog(1, 1, 2, 3))).isTrue();
        assertThat(lacks.hidesTheLackOf(4, oplog(1, 1, 2, 3, 4))).isFalse();
    }

    /** Writes, one in each second of a term. */
    private static Oplog oplog(long term, long... ids) {
        Oplog oplog = new Oplog();
        long[] second = {0};
        LongStream.of(ids)
                .forEach(id -> oplog.append(new OplogEntry(new OpTime(term, ++second[0], 1), id, Optional.empty())));
        return oplog;
    }
}
