package dev.muster.plan;

import static dev.muster.plan.World.NAMING;
import static dev.muster.plan.World.incident;
import static dev.muster.plan.World.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a person is asked to approve, or told why there is nothing to approve. */
class ForcePlanTest {
    @Test
    void theFreshestMemberThatAnswersSurvives() {
        World world =
                pod(0).set("0 SECONDARY lag=1", "1 SECONDARY", "2 SECONDARY down", "3 DOWN down", "4 DOWN novote down");

        assertThat(ApprovalRules.forcePlan(world.look()))
                .isEqualTo(new ApprovalRules.Plan(incident(1, 2, 3), NAMING.address(1), List.of()));
    }

    @Test
    void theMembersThatAreDownAreSortedWhateverTheirPlaceInTheConfiguration() {
        World world = pod(0).set("3 DOWN down", "0 SECONDARY", "2 SECONDARY down");

        assertThat(ApprovalRules.forcePlan(world.look()))
                .isInstanceOfSatisfying(
                        ApprovalRules.Plan.class,
                        plan -> assertThat(plan.incident().down())
                                .containsExactly(NAMING.address(2), NAMING.address(3)));
    }

    @Test
    void anArbiterThatIsDownIsNamed() {
        World world = pod(0).set("0 SECONDARY", "1 DOWN down", "2 ARBITER arbiter down");

        assertThat(ApprovalRules.forcePlan(world.look()))
                .isEqualTo(new ApprovalRules.Plan(incident(0, 1, 2), NAMING.address(0), List.of(NAMING.address(2))));
    }

    @Test
    void ofTwoWithTheSameDataTheOneThatIsAskedSurvives() {
        for (int asked = 0; asked < 2; asked++) {
            World world = pod(asked).set("0 SECONDARY", "1 SECONDARY", "2 DOWN down", "3 DOWN down");

            assertThat(ApprovalRules.forcePlan(world.look()))
                    .isEqualTo(new ApprovalRules.Plan(incident(asked, 2, 3), NAMING.address(asked), List.of()));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void isRefused(String situation, World world, String why) {
        assertThat(ApprovalRules.forcePlan(world.look()))
                .as(situation)
                .isInstanceOfSatisfying(
                        ApprovalRules.Refused.class,
                        refused -> assertThat(refused.why()).contains(why));
    }

    static Stream<Arguments> isRefused() {
        return Stream.of(
                arguments("an empty member", pod(0), "not in a set"),
                arguments("a primary is there", pod(0).set("0 SECONDARY", "1 PRIMARY"), "the set has a primary"),
                arguments(
                        "this member recovers",
                        pod(0).set("0 RECOVERING", "1 DOWN down"),
                        "is RECOVERING, not SECONDARY"),
                arguments(
                        "a majority answers",
                        pod(0).set("0 SECONDARY", "1 SECONDARY", "2 DOWN down"),
                        "they elect a primary by themselves"),
                arguments(
                        "nobody with a vote answers",
                        pod(0).set("0 SECONDARY novote", "1 DOWN down"),
                        "can be elected"),
                arguments(
                        "the freshest is another under a name of its own: nobody knows which pod that is",
                        pod(0).set(
                                        "0 SECONDARY lag=5",
                                        "1 SECONDARY host=db1.example.com",
                                        "2 DOWN down",
                                        "3 DOWN down"),
                        "approve it in the pod whose member that is"));
    }
}
