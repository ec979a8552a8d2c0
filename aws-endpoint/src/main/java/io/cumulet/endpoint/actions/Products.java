package io.cumulet.endpoint.actions;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What EC2 calls an operating system where it is sold. While EC2-Classic existed there were two of each; both mean the same
 * now, as in EC2.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSpotPriceHistory.html">
 *     DescribeSpotPriceHistory</a>
 */
public final class Products {

    private static final String OF_VPC = " (Amazon VPC)";

    private static final Map<String, String> BY_SYSTEM = Map.of(
            "linux", "Linux/UNIX",
            "windows", "Windows",
            "rhel", "Red Hat Enterprise Linux",
            "suse", "SUSE Linux");

    private Products() {}

    /** The product of a system's code. */
    public static String of(String os) {
        return BY_SYSTEM.getOrDefault(os, os);
    }

    /** Both names of an item's product: what filters of that name look at. */
    public static List<String> names(JsonNode item) {
        String product = item.path("ProductDescription").asText();
        return List.of(product, product + OF_VPC);
    }

    /** A product's name as the caller says it, if he says it in only one of the two ways. */
    public static String asAsked(String os, Set<String> asked) {
        return asked.contains(of(os) + OF_VPC) && !asked.contains(of(os)) ? of(os) + OF_VPC : of(os);
    }

    /** The code of a product's system; null if there is none. */
    public static @Nullable String system(String product) {
        String plain = product.endsWith(OF_VPC) ? product.substring(0, product.length() - OF_VPC.length()) : product;
        return BY_SYSTEM.entrySet().stream()
                .filter(entry -> entry.getValue().equals(plain))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }
}
