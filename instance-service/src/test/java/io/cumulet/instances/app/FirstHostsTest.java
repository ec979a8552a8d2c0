package io.cumulet.instances.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.embedded.StackResource;
import io.cumulet.instances.app.Fleet.HostUse;
import io.cumulet.instances.domain.placement.Host;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.Region;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The families g3 and mac1, which no other test has. */
@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class FirstHostsTest {

    private static final Region REGION = new Region("eu-central-1");

    @Inject
    Zones zones;

    @Inject
    Fleet fleet;

    @Test
    void eachZoneGetsSomeOnceAndThoseThatAreGoneStayGone() {
        new FirstHosts(zones, new UnseededFleet()).ensure(REGION, "g3");
        assertThat(hosts("g3")).isEmpty();

        new FirstHosts(zones, new UnseededFleet(2)).ensure(REGION, "g3");
        List<Host> first = hosts("g3");
        assertThat(first)
                .extracting(host -> host.zone().value())
                .containsExactlyInAnyOrder(
                        "eu-central-1a",
                        "eu-central-1a",
                        "eu-central-1b",
                        "eu-central-1b",
                        "eu-central-1c",
                        "eu-central-1c");
        assertThat(first).allSatisfy(host -> assertThat(host.capacity().vcpus()).isEqualTo(64));

        Host gone = first.getFirst();
        fleet.remove(gone.id(), REGION).orThrow();
        new FirstHosts(zones, new UnseededFleet(3)).ensure(REGION, "g3");
        assertThat(hosts("g3")).doesNotContain(gone).hasSize(5);
    }

    @Test
    void aZoneWhereAnOperatorHasSomeGetsNoOthers() {
        AvailabilityZone zone = new AvailabilityZone("eu-central-1a");
        fleet.add(new Fleet.HostWish(zone.value(), "mac1", 1, null, null, null, null, null, null, null), REGION)
                .orThrow();
        new FirstHosts(zones, new UnseededFleet(2)).ensure(REGION, "mac1");
        assertThat(hosts("mac1")).filteredOn(host -> host.zone().equals(zone)).hasSize(1);
        assertThat(hosts("mac1")).hasSize(5);
    }

    private List<Host> hosts(String family) {
        return fleet.list(REGION, null, family, "available", null, 100).stream()
                .map(HostUse::host)
                .toList();
    }
}
