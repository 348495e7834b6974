package dev.muster.sim.trouble;

import dev.muster.plan.Outcome;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Ports through which a sidecar can die just before or just after a write: whatever gives an {@link Outcome} is one.
 */
public final class Fragile {
    /** When the sidecar dies. */
    public enum Death {
        NEVER,
        BEFORE_A_WRITE,
        AFTER_A_WRITE
    }

    private final Runnable die;
    private Death death = Death.NEVER;

    /** @param die kills whoever calls; does not return */
    public Fragile(Runnable die) {
        this.die = die;
    }

    public void dieAt(Death next) {
        death = next;
    }

    /** The same port, made fragile. */
    public <T> T port(Class<T> type, T real) {
        Object proxy = Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> call(real, method, arguments));
        return type.cast(proxy);
    }

    // A method without parameters is called with null.
    private Object call(Object real, Method method, Object[] arguments) throws Throwable {
        // An Event for people changes nothing.
        boolean write =
                method.getReturnType() == Outcome.class && !method.getName().equals("event");
        if (write && death == Death.BEFORE_A_WRITE) {
            die();
        }
        try {
            Object answer = method.invoke(real, arguments);
            if (write && death == Death.AFTER_A_WRITE) {
                die();
            }
            return answer;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private void die() {
        death = Death.NEVER;
        die.run();
    }
}
