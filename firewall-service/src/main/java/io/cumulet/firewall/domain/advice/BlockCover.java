package io.cumulet.firewall.domain.advice;

import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.IpFamily;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Whether blocks together hold another block, or the public internet. */
final class BlockCover {

    /** Where the internet's public addresses are, and nothing else. */
    private static final Cidr GLOBAL_IPV6 = cidr("2000::/3");

    /**
     * IPv4 that nobody is reached from over the internet: who opens all but these opens to the world.
     *
     * @see <a href="https://www.iana.org/assignments/iana-ipv4-special-registry/">IANA special-purpose addresses</a>
     */
    private static final List<Cidr> NOT_GLOBAL_IPV4 = List.of(
            cidr("0.0.0.0/8"),
            cidr("10.0.0.0/8"),
            cidr("100.64.0.0/10"),
            cidr("127.0.0.0/8"),
            cidr("169.254.0.0/16"),
            cidr("172.16.0.0/12"),
            cidr("192.168.0.0/16"),
            cidr("224.0.0.0/3"));

    private BlockCover() {}

    /** Whether every address of a block is in one of these. */
    static boolean covers(Collection<Cidr> blocks, Cidr block) {
        List<Cidr> inside = new ArrayList<>();
        for (Cidr one : blocks) {
            if (one.contains(block)) {
                return true;
            }
            if (block.contains(one)) {
                inside.add(one);
            }
        }
        return inside.size() > 1 && covers(inside, lowerHalf(block)) && covers(inside, upperHalf(block));
    }

    static boolean coversEverything(Collection<Cidr> blocks, IpFamily family) {
        return switch (family) {
            case IPV4 -> covers(blocks, Cidr.EVERY_IPV4);
            case IPV6 -> covers(blocks, Cidr.EVERY_IPV6);
        };
    }

    /** Whether every public address of a family is in one of these. */
    static boolean coversTheWorld(Collection<Cidr> blocks, IpFamily family) {
        return switch (family) {
            case IPV4 -> {
                List<Cidr> andNotGlobal = new ArrayList<>(NOT_GLOBAL_IPV4);
                andNotGlobal.addAll(blocks);
                yield covers(andNotGlobal, Cidr.EVERY_IPV4);
            }
            case IPV6 -> covers(blocks, GLOBAL_IPV6);
        };
    }

    private static Cidr lowerHalf(Cidr block) {
        return new Cidr(block.network(), block.prefixLength() + 1);
    }

    private static Cidr upperHalf(Cidr block) {
        IpAddress network = block.network();
        int lowestBit = block.hostBits() - 1;
        IpAddress middle = lowestBit < Long.SIZE
                ? new IpAddress(network.family(), network.high(), network.low() | 1L << lowestBit)
                : new IpAddress(network.family(), network.high() | 1L << (lowestBit - Long.SIZE), network.low());
        return new Cidr(middle, block.prefixLength() + 1);
    }

    private static Cidr cidr(String text) {
        return Cidr.parse(text).orElseThrow();
    }
}
