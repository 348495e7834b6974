package dev.muster.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** The Services and the network policy. */
class ChartNetworkTest {
    @Test
    void membersFindEachOtherBeforeTheyAreReady() {
        JsonNode service = ChartTemplates.render("").document("Service/mongo").path("spec");
        assertThat(ChartTemplates.text(service.path("clusterIP"))).isEqualTo("None");
        assertThat(service.path("publishNotReadyAddresses").asBoolean()).isTrue();
        assertThat(ChartTemplates.text(service.at("/ports/0/name"))).isEqualTo("mongodb");
        assertThat(ChartTemplates.text(service.path("ipFamilyPolicy"))).isNull();
        assertThat(ChartTemplates.text(ChartTemplates.render("ipv6: true")
                        .document("Service/mongo")
                        .at("/spec/ipFamilyPolicy")))
                .isEqualTo("PreferDualStack");
    }

    @Test
    void thePrimarysServiceSelectsNobody() {
        JsonNode service =
                ChartTemplates.render("").document("Service/mongo-primary").path("spec");
        assertThat(service.has("selector")).isFalse();
        assertThat(ChartTemplates.text(service.at("/ports/0/name"))).isEqualTo("mongodb");
    }

    @Test
    void aPolicyAdmitsTheMembersAndTheTestBesideTheOnesNamed() {
        JsonNode ingress = ChartTemplates.render(
                        "networkPolicy: {enabled: true, clients: [{podSelector: {}}], metrics: []}")
                .document("NetworkPolicy/mongo")
                .at("/spec/ingress");
        assertThat(ingress.at("/0/ports/0/port").asInt()).isEqualTo(27017);
        assertThat(ingress.at("/0/from")).hasSize(2);
        assertThat(ingress.at("/1/ports/0/port").asInt()).isEqualTo(8017);
        assertThat(ChartTemplates.elements(ingress.at("/1/from"))
                        .map(from -> from.at("/podSelector/matchLabels/app.kubernetes.io~1name")
                                .asText()))
                .containsExactly("muster", "muster-test");
    }
}
