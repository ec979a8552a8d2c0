package io.cumulet.catalog;

import io.cumulet.kernel.Region;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The public parameters of Systems Manager by which a family of images is found: each names the newest image of its family.
 * They follow from the images' names, as their publishers say it.
 *
 * @see <a href="https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters-ami.html">Amazon's
 *     AMI parameters</a>
 * @see <a href="https://documentation.ubuntu.com/aws/aws-how-to/instances/find-ubuntu-images/">Ubuntu's</a>
 */
public final class ImageParameters {

    private static final String AMAZON_LINUX = "/aws/service/ami-amazon-linux-latest/";
    private static final String UBUNTU = "/aws/service/canonical/ubuntu/server/";

    /** What is named so is called so: the groups are the pattern's. */
    private record Rule(Pattern image, List<String> parameters) {

        static Rule of(String image, String... parameters) {
            return new Rule(Pattern.compile(image), List.of(parameters));
        }

        Stream<String> names(String image) {
            Matcher matcher = this.image.matcher(image);
            return matcher.matches() ? parameters.stream().map(matcher::replaceFirst) : Stream.of();
        }
    }

    /** Kernel 6.1 is Amazon Linux 2023's default, and 5.10 that of 2, whose images without a number have 4.14. */
    private static final List<Rule> RULES = List.of(
            Rule.of("(al2023-ami(?:-minimal)?)-[\\d.]+-(kernel-[\\d.]+)-(.+)", AMAZON_LINUX + "$1-$2-$3"),
            Rule.of("(al2023-ami(?:-minimal)?)-[\\d.]+-kernel-6\\.1-(.+)", AMAZON_LINUX + "$1-kernel-default-$2"),
            Rule.of("(amzn2-ami(?:-minimal)?-kernel-[\\d.]+-hvm)-[\\d.]+-(.+)", AMAZON_LINUX + "$1-$2"),
            Rule.of(
                    "(amzn2-ami(?:-minimal)?)-kernel-5\\.10-hvm-[\\d.]+-(.+)",
                    AMAZON_LINUX + "$1-kernel-default-hvm-$2"),
            Rule.of(
                    "(amzn2-ami(?:-minimal)?)-hvm-[\\d.]+-(.+)",
                    AMAZON_LINUX + "$1-hvm-$2",
                    AMAZON_LINUX + "$1-kernel-4.14-hvm-$2"),
            Rule.of("(amzn-ami(?:-minimal)?-hvm)-[\\d.]+-(.+)", AMAZON_LINUX + "$1-$2"),
            Rule.of("(Windows_Server-.+)-\\d{4}\\.\\d\\d\\.\\d\\d", "/aws/service/ami-windows-latest/$1"),
            Rule.of(
                    "ubuntu/images/hvm-ssd/ubuntu-([a-z]+)-([\\d.]+)-([a-z0-9]+)-server-([\\d.]+)",
                    UBUNTU + "$1/stable/current/$3/hvm/ebs-gp2/ami-id",
                    UBUNTU + "$1/stable/$4/$3/hvm/ebs-gp2/ami-id",
                    UBUNTU + "$2/stable/current/$3/hvm/ebs-gp2/ami-id",
                    UBUNTU + "$2/stable/$4/$3/hvm/ebs-gp2/ami-id"),
            Rule.of(
                    "suse-sles-([a-z0-9-]+?)-v(\\d+)-hvm-ssd-(.+)",
                    "/aws/service/suse/sles/$1/$3/latest",
                    "/aws/service/suse/sles/$1/$3/$2"));

    private static final Pattern PART = Pattern.compile("\\d+|\\D+");

    private ImageParameters() {}

    /** All of a region by name. */
    public static SortedMap<String, Image> of(Region region) {
        SortedMap<String, Image> newest = new TreeMap<>();
        for (Image image : Images.of(region)) {
            RULES.stream()
                    .flatMap(rule -> rule.names(image.name()))
                    .forEach(name -> newest.merge(name, image, ImageParameters::newer));
        }
        return Collections.unmodifiableSortedMap(newest);
    }

    /** Names of one family differ in their version alone, which is compared number by number: 2023.12 is newer than 2023.9. */
    private static Image newer(Image one, Image other) {
        return compareVersions(one.name(), other.name()) >= 0 ? one : other;
    }

    static int compareVersions(String one, String other) {
        List<String> parts = parts(one);
        List<String> others = parts(other);
        for (int i = 0; i < Math.min(parts.size(), others.size()); i++) {
            String part = parts.get(i);
            String with = others.get(i);
            boolean areNumbers = Character.isDigit(part.charAt(0)) && Character.isDigit(with.charAt(0));
            int compared = areNumbers ? new BigInteger(part).compareTo(new BigInteger(with)) : part.compareTo(with);
            if (compared != 0) {
                return compared;
            }
        }
        return Integer.compare(parts.size(), others.size());
    }

    /** Numbers and what is between them. */
    private static List<String> parts(String name) {
        return PART.matcher(name).results().map(MatchResult::group).toList();
    }
}
