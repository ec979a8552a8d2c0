package io.cumulet.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.kernel.Region;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class ImageParametersTest {

    private static final SortedMap<String, Image> OF_US_EAST_1 = ImageParameters.of(new Region("us-east-1"));

    private static String image(String parameter) {
        return OF_US_EAST_1.get(parameter).name();
    }

    @Test
    void eachFamilyHasItsNewestImage() {
        assertThat(image("/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.12-arm64"))
                .isEqualTo("al2023-ami-2023.12.20260727.0-kernel-6.12-arm64");
        assertThat(image("/aws/service/ami-amazon-linux-latest/amzn2-ami-kernel-5.10-hvm-x86_64-gp2"))
                .isEqualTo("amzn2-ami-kernel-5.10-hvm-2.0.20260727.0-x86_64-gp2");
        // There is one of 2017, too.
        assertThat(image("/aws/service/ami-amazon-linux-latest/amzn-ami-hvm-x86_64-gp2"))
                .isEqualTo("amzn-ami-hvm-2018.03.0.20231218.0-x86_64-gp2");
        assertThat(image("/aws/service/ami-windows-latest/Windows_Server-2016-English-Full-Base"))
                .isEqualTo("Windows_Server-2016-English-Full-Base-2017.10.13");
        assertThat(image("/aws/service/suse/sles/12-sp3/x86_64/latest"))
                .isEqualTo("suse-sles-12-sp3-v20170907-hvm-ssd-x86_64");
    }

    @Test
    void aDefaultKernelIsTheOneThatItsPublisherSays() {
        assertThat(image("/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"))
                .isEqualTo("al2023-ami-2023.12.20260727.0-kernel-6.1-x86_64");
        assertThat(image("/aws/service/ami-amazon-linux-latest/al2023-ami-minimal-kernel-default-arm64"))
                .isEqualTo("al2023-ami-minimal-2023.12.20260727.0-kernel-6.1-arm64");
        assertThat(image("/aws/service/ami-amazon-linux-latest/amzn2-ami-kernel-default-hvm-x86_64-gp2"))
                .isEqualTo("amzn2-ami-kernel-5.10-hvm-2.0.20260727.0-x86_64-gp2");
    }

    @Test
    void anUbuntuIsFoundByNumberByNameAndByDay() {
        for (String release : new String[] {"16.04", "xenial"}) {
            for (String serial : new String[] {"current", "20170721"}) {
                assertThat(image("/aws/service/canonical/ubuntu/server/" + release + "/stable/" + serial
                                + "/amd64/hvm/ebs-gp2/ami-id"))
                        .isEqualTo("ubuntu/images/hvm-ssd/ubuntu-xenial-16.04-amd64-server-20170721");
            }
        }
    }

    @Test
    void versionsAreComparedByTheirNumbers() {
        assertThat(ImageParameters.compareVersions("al2023-ami-2023.12.1.0-x", "al2023-ami-2023.9.20260101.0-x"))
                .isPositive();
        assertThat(ImageParameters.compareVersions("amzn2-ami-2.0.20230404.0", "amzn2-ami-2.0.20180810"))
                .isPositive();
    }

    @Test
    void everyRegionHasItsOwn() {
        assertThat(Regions.all())
                .filteredOn(facts -> Images.of(facts.region()).stream()
                        .anyMatch(image -> image.name().startsWith("al2023-ami-2023")))
                .hasSizeGreaterThan(25)
                .allSatisfy(facts -> assertThat(ImageParameters.of(facts.region()))
                        .containsKey("/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64")
                        .allSatisfy((name, image) -> assertThat(Images.find(facts.region(), image.imageId()))
                                .contains(image)));
    }
}
