package dev.muster.cli;

import dev.muster.config.FileAccess;
import dev.muster.config.Option;
import dev.muster.config.SettingsReader;
import dev.muster.config.StartOptions;
import java.util.EnumMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The options of {@code run}, which {@code check} takes too, between picocli and their reader. */
final class RunOptions {
    private RunOptions() {}

    static void addTo(CommandSpec spec) {
        for (Option option : Option.values()) {
            addTo(spec, option);
        }
    }

    static void addTo(CommandSpec spec, Option option) {
        spec.addOption(OptionSpec.builder(option.flag())
                .type(String.class)
                .paramLabel("<" + label(option) + ">")
                .description(
                        plain(option.description()),
                        plain("Default: " + option.defaultValue().asMarkdown() + ". Variable: " + option.variable()
                                + "."))
                .build());
    }

    static SettingsReader.Outcome read(ParseResult arguments, Terminal terminal) {
        return SettingsReader.read(flags(arguments), terminal.environment(), FileAccess.real());
    }

    /** Only what mongod's start needs. */
    static StartOptions readStart(ParseResult arguments, Terminal terminal) {
        return SettingsReader.start(flags(arguments), terminal.environment(), FileAccess.real());
    }

    private static Map<Option, String> flags(ParseResult arguments) {
        Map<Option, String> flags = new EnumMap<>(Option.class);
        for (Option option : Option.values()) {
            if (arguments.hasMatchedOption(option.flag())) {
                flags.put(option, arguments.matchedOptionValue(option.flag(), ""));
            }
        }
        return flags;
    }

    private static String label(Option option) {
        return option.optionName().substring(option.optionName().lastIndexOf('-') + 1);
    }

    /** Without Markdown's back-ticks; percent signs are picocli's, so they are doubled. */
    private static String plain(String markdown) {
        return markdown.replace("`", "").replace("%", "%%");
    }
}
