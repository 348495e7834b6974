package dev.muster.sim.trouble;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** Ports of which a method does something else: how a {@link Sabotage} takes a guard away. */
final class Doctored {
    private Doctored() {}

    /** The port, of which these methods answer something else than the truth. */
    static <T> T answer(Class<T> type, T real, List<String> methods, UnaryOperator<Object> lie) {
        return call(type, real, methods, (called, arguments) -> lie.apply(called.get(arguments)));
    }

    /** The real method, to be called or not. */
    interface Real {
        Object get(Object[] arguments);
    }

    /** The port, one method of which does something else with its arguments. */
    static <T> T call(Class<T> type, T real, String method, BiFunction<Real, Object[], Object> instead) {
        return call(type, real, List.of(method), instead);
    }

    private static <T> T call(Class<T> type, T real, List<String> names, BiFunction<Real, Object[], Object> instead) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
                    Real truth = given -> {
                        try {
                            return method.invoke(real, given);
                        } catch (InvocationTargetException e) {
                            throw unchecked(e);
                        } catch (IllegalAccessException e) {
                            throw new IllegalStateException(e);
                        }
                    };
                    return names.contains(method.getName()) ? instead.apply(truth, arguments) : truth.get(arguments);
                }));
    }

    private static RuntimeException unchecked(InvocationTargetException e) {
        return switch (e.getCause()) {
            case Error error -> throw error;
            case RuntimeException exception -> exception;
            case null, default -> new IllegalStateException(e);
        };
    }
}
