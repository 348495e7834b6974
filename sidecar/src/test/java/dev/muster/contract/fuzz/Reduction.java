package dev.muster.contract.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.bson.BsonDocument;

/** Leaves out of a row of operations, and of their edits, whatever the disagreement does not need. */
final class Reduction {
    private Reduction() {}

    /**
     * The smallest row that this finds.
     *
     * @param disagrees whether a smaller row ends in the same disagreement
     */
    static List<Operation> of(List<Operation> row, Predicate<List<Operation>> disagrees) {
        List<Operation> left = new ArrayList<>(row);
        for (int index = left.size() - 2; index >= 0; index--) {
            List<Operation> shorter = new ArrayList<>(left);
            shorter.remove(index);
            if (disagrees.test(shorter)) {
                left = shorter;
            }
        }
        for (int index = left.size() - 1; index >= 0; index--) {
            Operation operation = left.get(index);
            if (operation.kind() == Operation.Kind.COMMAND) {
                continue;
            }
            for (String path : List.copyOf(operation.what().keySet())) {
                BsonDocument fewer = left.get(index).what().clone();
                fewer.remove(path);
                List<Operation> smaller = new ArrayList<>(left);
                smaller.set(index, operation.with(fewer));
                if (disagrees.test(smaller)) {
                    left = smaller;
                }
            }
        }
        return left;
    }
}
