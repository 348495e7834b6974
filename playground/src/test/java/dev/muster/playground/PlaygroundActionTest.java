package dev.muster.playground;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.playground.PlaygroundAction.Grow;
import dev.muster.playground.PlaygroundAction.Invalid;
import dev.muster.playground.PlaygroundAction.Load;
import dev.muster.playground.PlaygroundAction.OnMember;
import dev.muster.playground.PlaygroundAction.Verb;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PlaygroundActionTest {
    @ParameterizedTest
    @EnumSource(Verb.class)
    void everyVerbTakesAMembersNumberOrName(Verb verb) {
        String word = verb.name().toLowerCase(Locale.ROOT);
        assertThat(PlaygroundAction.parse(word + " 2", 3)).isEqualTo(new OnMember(verb, 2));
        assertThat(PlaygroundAction.parse(" " + word + "  mongo-0 ", 3)).isEqualTo(new OnMember(verb, 0));
        assertThat(PlaygroundAction.HELP).contains(word + " N");
    }

    @Test
    void loadTakesASize() {
        assertThat(PlaygroundAction.parse("load 200MB", 3)).isEqualTo(new Load(new DataSize(200_000_000)));
        assertThat(PlaygroundAction.parse("load 1 gb", 3)).isEqualTo(new Load(new DataSize(1_000_000_000)));
    }

    @Test
    void growTakesMoreMembersThanThereAre() {
        assertThat(PlaygroundAction.parse("grow 5", 3)).isEqualTo(new Grow(5));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kill 3     | kill: \"3\" is not a member; write its number, 0 to 2",
                "kill       | kill: nothing is not a member; write its number, 0 to 2",
                "cut -1     | cut: \"-1\" is not a member; write its number, 0 to 2",
                "grow 3     | grow: \"3\" is not possible; write the number of members to have, 4 to 50",
                "grow 51    | grow: \"51\" is not possible; write the number of members to have, 4 to 50",
                "status now | status: takes nothing after it, not \"now\""
            })
    void aBadValueIsNamedWithWhatIsAllowed(String line, String message) {
        assertThat(PlaygroundAction.parse(line, 3)).isEqualTo(new Invalid(message));
    }

    @ParameterizedTest
    @CsvSource({"load", "load 0MB", "load 5", "load 101GB", "load many", "explode 1"})
    void whatIsNotUnderstoodIsInvalid(String line) {
        assertThat(PlaygroundAction.parse(line, 3)).isInstanceOf(Invalid.class);
    }
}
