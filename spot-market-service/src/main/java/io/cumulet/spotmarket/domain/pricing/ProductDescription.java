package io.cumulet.spotmarket.domain.pricing;

import io.cumulet.kernel.OperatingSystem;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What EC2 calls the system in its spot price history.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSpotPriceHistory.html">
 *     DescribeSpotPriceHistory</a>
 */
public enum ProductDescription {
    LINUX("Linux/UNIX", OperatingSystem.LINUX, false),
    LINUX_VPC("Linux/UNIX (Amazon VPC)", OperatingSystem.LINUX, true),
    RHEL("Red Hat Enterprise Linux", OperatingSystem.RHEL, false),
    RHEL_VPC("Red Hat Enterprise Linux (Amazon VPC)", OperatingSystem.RHEL, true),
    SUSE("SUSE Linux", OperatingSystem.SUSE, false),
    SUSE_VPC("SUSE Linux (Amazon VPC)", OperatingSystem.SUSE, true),
    WINDOWS("Windows", OperatingSystem.WINDOWS, false),
    WINDOWS_VPC("Windows (Amazon VPC)", OperatingSystem.WINDOWS, true);

    private final String text;
    private final OperatingSystem os;
    private final boolean vpc;

    ProductDescription(String text, OperatingSystem os, boolean vpc) {
        this.text = text;
        this.os = os;
        this.vpc = vpc;
    }

    /** As EC2 writes it, such as {@code Linux/UNIX (Amazon VPC)}. */
    public String text() {
        return text;
    }

    public OperatingSystem os() {
        return os;
    }

    /** Whether it is a price of instances in a VPC. While EC2-Classic existed, the two had pools of their own. */
    public boolean isOfVpc() {
        return vpc;
    }

    public static Optional<ProductDescription> ofText(String text) {
        return Arrays.stream(values())
                .filter(product -> product.text.equals(text))
                .findFirst();
    }

    /** All of them, as EC2 writes them. */
    public static List<String> texts() {
        return Arrays.stream(values()).map(ProductDescription::text).toList();
    }
}
