package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MongodCrashTest {
    @ParameterizedTest
    @ValueSource(strings = {"""
                {"t":{"$date":"2026-11-20T10:00:00.000+00:00"},"s":"F","c":"ASSERT","id":23079,"ctx":"conn7",\
                "msg":"Invariant failure","attr":{"expr":"!myOptime.isNull()","file":"src/x.cpp","line":1}}""", """
                {"s":"F","c":"ASSERT","id":23089,"ctx":"initandlisten","msg":"Fatal assertion","attr":{"msgid":40292}}""", """
                {"s":"F","c":"CONTROL","id":6384300,"ctx":"conn7","msg":"Writing fatal message",\
                "attr":{"message":"Got signal: 6 (Aborted).\\n"}}"""})
    void lastWordsAreACrash(String line) {
        assertThat(MongodCrash.inLine(line)).contains(line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"""
                {"s":"I","c":"CONTROL","id":23377,"ctx":"SignalHandler","msg":"Received signal",\
                "attr":{"signal":15,"error":"Terminated"}}""", """
                {"s":"I","c":"CONTROL","id":23138,"ctx":"SignalHandler","msg":"Shutting down","attr":{"exitCode":0}}""", """
                {"s":"E","c":"CONTROL","id":20557,"ctx":"initandlisten","msg":"DBException in initAndListen, terminating",\
                "attr":{"error":"DBPathInUse: Unable to lock the lock file: /data/db/mongod.lock"}}"""})
    void anOrdinaryEndIsNone(String line) {
        assertThat(MongodCrash.inLine(line)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {132, 133, 134, 135, 136, 139})
    void signalsOfItsOwnAreACrash(int exitCode) {
        assertThat(MongodCrash.inExitCode(exitCode)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 14, 48, 62, 100, 130, 137, 143})
    void otherExitCodesAreNone(int exitCode) {
        assertThat(MongodCrash.inExitCode(exitCode)).isEmpty();
    }

    @Test
    void aLongLineIsCut() {
        assertThat(MongodCrash.inLine("Invariant failure" + "x".repeat(5000)).orElseThrow())
                .hasSizeLessThan(1100);
    }
}
