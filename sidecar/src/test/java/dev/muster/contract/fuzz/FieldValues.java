package dev.muster.contract.fuzz;

import dev.muster.contract.Fleet;
import java.util.List;
import java.util.stream.Stream;

/** The values that a field is drawn from, as JSON: those that a server takes, and some that it does not. */
final class FieldValues {
    static final List<String> VOTES = List.of("0", "1", "0", "1", "2", "-1", "1.5", "true", "'1'", "null");

    static final List<String> PRIORITIES = List.of("0", "1", "0.5", "2", "1000", "1000.5", "-1", "true", "'1'", "null");
    static final List<String> FLAGS = List.of("true", "false", "true", "1", "0", "'true'", "null");
    static final List<String> DELAYS =
            List.of("0", "60", "NumberLong(60)", "31622400", "31622401", "-1", "1.5", "true", "'60'", "null", "{}");
    static final List<String> IDS = List.of(
            "0", "1", "2", "3", "7", "255", "256", "-1", "2.0", "2.5", "NumberLong('4294967299')", "'1'", "null");
    static final List<String> TAGS =
            List.of("{}", "{dc: 'east'}", "{dc: 'east', rack: '1'}", "{dc: 1}", "'east'", "[]", "null", "{'$x': 'y'}");
    /** What every field may be. */
    static final List<String> REMOVED = List.of("{$remove: 1}");

    static final List<String> HOSTS = Stream.of(
                    Fleet.host(0).toString(),
                    Fleet.host(1).toString(),
                    Fleet.host(2).toString(),
                    Fleet.secondHost(0).toString(),
                    Fleet.host(1).host(),
                    "MONGO-1.contract.example:27017",
                    Base.absent(0),
                    Base.absent(1),
                    Base.absent(1),
                    "localhost:27017",
                    "127.0.0.1:27017",
                    "localhost",
                    "[::1]:27017",
                    "",
                    " ",
                    " " + Base.absent(2) + " ",
                    ":27017",
                    "a:b:c",
                    "a:0",
                    "a:70000",
                    "a:port")
            .map("'%s'"::formatted)
            .toList();
    static final List<String> NO_HOSTS = List.of("5", "null", "{}");

    static final List<String> SET_NAMES = List.of("'other'", "''", "5", "null", "{$remove: 1}");
    static final List<String> VERSIONS = List.of(
            "{$plus: 0}",
            "{$plus: -1}",
            "{$plus: 2}",
            "{$plus: 5}",
            "0",
            "-1",
            "1",
            "1.5",
            "2.0",
            "'2'",
            "null",
            "{$remove: 1}");
    static final List<String> TERMS = List.of(
            "{$plus: 0}",
            "{$plus: 1}",
            "{$plus: -1}",
            "0",
            "-1",
            "-2",
            "NumberLong('2147483648')",
            "1.5",
            "'1'",
            "null",
            "{$remove: 1}");
    static final List<String> TIMES =
            List.of("20000", "NumberLong(20000)", "20000.0", "0", "-1", "-2", "1.5", "'20000'", "true", "null");
    static final List<String> INTERVALS =
            List.of("200", "NumberLong(200)", "200.0", "0", "-1", "1.5", "'200'", "true", "null");
    static final List<String> PROTOCOLS =
            List.of("0", "1", "2", "1.0", "1.5", "NumberLong(1)", "'1'", "null", "{$remove: 1}");
    static final List<String> MEMBERS =
            List.of("[]", "{}", "5", "null", "['a']", "[{}]", "{$remove: 1}", "[{_id: 0}]", "[{host: 'a'}]");
    static final List<String> SET_IDS = List.of(
            "{$remove: 1}",
            "ObjectId('0123456789abcdef01234567')",
            "ObjectId('000000000000000000000000')",
            "'0123456789abcdef01234567'",
            "null");
    static final List<String> LAST_ERROR_DEFAULTS = List.of(
            "{}", "{w: 1, wtimeout: 0}", "{w: 2, wtimeout: 0}", "{w: 'majority'}", "{j: true}", "{x: 1}", "5", "null");
    static final List<String> LAST_ERROR_MODES =
            List.of("{}", "{all: {dc: 1}}", "{all: {nothing: 1}}", "{all: {dc: 0}}", "{all: 1}", "5", "null");

    private FieldValues() {}
}
