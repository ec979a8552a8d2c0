package io.cumulet.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CatalogTest {

    private static final Region US_EAST_1 = new Region("us-east-1");

    @Test
    void everyTypeIsReadWithItsDimensions() {
        assertThat(InstanceTypes.all()).hasSize(1404).allSatisfy(facts -> {
            assertThat(facts.vcpus()).isPositive();
            assertThat(facts.memoryMib()).isPositive();
            assertThat(facts.processor().architectures()).isNotEmpty();
            assertThat(facts.network().enaSupport()).isIn("unsupported", "supported", "required");
        });
        InstanceTypeFacts m4Large = InstanceTypes.find("m4.large").orElseThrow();
        assertThat(m4Large.vcpus()).isEqualTo(2);
        assertThat(m4Large.memoryMib()).isEqualTo(8192);
        assertThat(m4Large.runs(Architecture.X86_64)).isTrue();
        assertThat(m4Large.runs(Architecture.ARM64)).isFalse();
        assertThat(InstanceTypes.find("m4.tiny")).isEmpty();
    }

    @Test
    void aFamilyIsListedSmallestFirst() {
        assertThat(InstanceTypes.ofFamily("t2"))
                .extracting(facts -> facts.type().size())
                .containsExactly("nano", "micro", "small", "medium", "large", "xlarge", "2xlarge");
    }

    @Test
    void zonesBelongToTheirRegionAndHaveTheirIds() {
        RegionFacts facts = Regions.find(US_EAST_1).orElseThrow();
        assertThat(facts.zones()).hasSize(6);
        assertThat(facts.zones().getFirst())
                .isEqualTo(new RegionFacts.ZoneFacts(new AvailabilityZone("us-east-1a"), "use1-az6"));
        assertThat(Regions.exists(new AvailabilityZone("us-east-1g"))).isFalse();
        assertThat(Regions.exists(new Region("us-moon-1"))).isFalse();
        assertThat(Regions.all())
                .allSatisfy(region -> assertThat(region.zones())
                        .allSatisfy(zone -> assertThat(zone.zone().region()).isEqualTo(region.region())));
    }

    @Test
    void offeringsTellZonesApart() {
        InstanceType m4Large = new InstanceType("m4.large");
        assertThat(Offerings.isOffered(m4Large, US_EAST_1)).isTrue();
        assertThat(Offerings.isOffered(m4Large, new AvailabilityZone("us-east-1a")))
                .isTrue();
        assertThat(Offerings.isOffered(new InstanceType("m4.tiny"), US_EAST_1)).isFalse();
    }

    @Test
    void thePricedRegionsHaveAnImageOfEachSystem() {
        for (String region : new String[] {"us-east-1", "eu-west-1", "ap-southeast-2"}) {
            assertThat(Images.of(new Region(region)).stream().map(Image::os).collect(Collectors.toSet()))
                    .contains(
                            OperatingSystem.LINUX, OperatingSystem.WINDOWS, OperatingSystem.RHEL, OperatingSystem.SUSE);
            assertThat(Images.of(new Region(region)))
                    .anySatisfy(image -> assertThat(image.architecture()).isEqualTo(Architecture.ARM64));
        }
    }

    @Test
    void amazonsImagesAreKnownByTheirOwners() {
        assertThat(Images.find(US_EAST_1, "ami-08bc385c9fc5afc94").map(Image::ownerId))
                .hasValueSatisfying(
                        owner -> assertThat(Images.isOfAmazon(owner)).isTrue());
        // Canonical's, as its documentation says.
        assertThat(Images.isOfAmazon("099720109477")).isFalse();
        assertThat(Images.of(US_EAST_1)).hasSizeGreaterThan(50);
    }

    @Test
    void anImageOfAnotherRegionIsUnknownHere() {
        assertThat(Images.find(US_EAST_1, "ami-08bc385c9fc5afc94")).isPresent();
        assertThat(Images.find(new Region("eu-west-1"), "ami-08bc385c9fc5afc94"))
                .isEmpty();
        assertThat(Images.find(new Region("eu-west-1"), "ami-785db401")).isPresent();
    }
}
