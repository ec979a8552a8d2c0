package io.cumulet.kernel;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * The kinds of EC2 resource and the prefix of their ids. An id is the prefix, a dash and 17 hexadecimal digits.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html">EC2 resource ids</a>
 */
public enum ResourceKind {
    INSTANCE("i"),
    RESERVATION("r"),
    HOST("h"),
    IMAGE("ami"),
    KEY_PAIR("key"),
    LAUNCH_TEMPLATE("lt"),
    VPC("vpc"),
    SUBNET("subnet"),
    VPC_CIDR_ASSOCIATION("vpc-cidr-assoc"),
    SUBNET_CIDR_ASSOCIATION("subnet-cidr-assoc"),
    NETWORK_INTERFACE("eni"),
    NETWORK_INTERFACE_ATTACHMENT("eni-attach"),
    ELASTIC_ADDRESS("eipalloc"),
    ELASTIC_ADDRESS_ASSOCIATION("eipassoc"),
    ROUTE_TABLE("rtb"),
    ROUTE_TABLE_ASSOCIATION("rtbassoc"),
    INTERNET_GATEWAY("igw"),
    EGRESS_ONLY_INTERNET_GATEWAY("eigw"),
    NETWORK_ACL("acl"),
    NETWORK_ACL_ASSOCIATION("aclassoc"),
    DHCP_OPTIONS("dopt"),
    SECURITY_GROUP("sg"),
    SECURITY_GROUP_RULE("sgr"),
    PREFIX_LIST("pl"),
    SPOT_REQUEST("sir"),
    SPOT_FLEET("fleet"),
    SPOT_FLEET_REQUEST("sfr"),
    ORGANIZATION("o"),
    ORGANIZATION_INVITATION("oi"),
    INVOICE("inv");

    private final String prefix;
    private final Pattern form;

    ResourceKind(String prefix) {
        this.prefix = prefix;
        this.form = Pattern.compile(prefix + "-[0-9a-f]{8}([0-9a-f]{9})?");
    }

    public String prefix() {
        return prefix;
    }

    /** Whether a text has the form of an id of this kind: 8 (the old length) or 17 hexadecimal digits. */
    public boolean isId(String text) {
        return form.matcher(text).matches();
    }

    /** A new random id. Random enough never to be given twice (68 bits); it is not a secret. */
    public String newId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return format(random.nextLong(), random.nextInt(16));
    }

    /**
     * The id that follows from what it belongs to: the same parts give the same id in every service, so that nobody has
     * to ask for it. Used for the default VPC, its subnets and its default security group.
     */
    public String derivedId(String... parts) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(prefix.getBytes(StandardCharsets.UTF_8));
            for (String part : parts) {
                sha256.update((byte) 0);
                sha256.update(part.getBytes(StandardCharsets.UTF_8));
            }
            return prefix + "-" + HexFormat.of().formatHex(sha256.digest()).substring(0, 17);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private String format(long sixteenDigits, int lastDigit) {
        return prefix + "-" + HexFormat.of().toHexDigits(sixteenDigits) + Character.forDigit(lastDigit, 16);
    }
}
