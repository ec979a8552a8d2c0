package io.cumulet.instances.app;

import io.cumulet.instances.config.VpcConfig;
import io.cumulet.instances.domain.network.Blocks;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.IpFamily;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** The /56 blocks that VPCs get, each one VPC's at a time. */
@Startup
@ApplicationScoped
public class Ipv6Pool {

    /** Of a pool that is half full, more are as good as never needed. */
    private static final int PROBES = 32;

    private static final int LEAST_LENGTH = 8;

    private final NetworkStore store;
    private final Cidr pool;

    /** @throws IllegalArgumentException if the configured pool isn't one */
    public Ipv6Pool(NetworkStore store, VpcConfig config) {
        this.store = store;
        this.pool = Cidr.parse(config.ipv6Pool())
                .filter(block -> block.family() == IpFamily.IPV6
                        && block.prefixLength() >= LEAST_LENGTH
                        && block.prefixLength() <= Blocks.VPC_IPV6)
                .orElseThrow(() -> new IllegalArgumentException("cumulet.vpc.ipv6-pool is an IPv6 block from /"
                        + LEAST_LENGTH + " to /" + Blocks.VPC_IPV6 + ", not '" + config.ipv6Pool() + "'"));
    }

    /** A block that nobody has, for a VPC that is written in the running transaction. */
    Outcome<Cidr> free() {
        store.lockIpv6Pool();
        long blocks = 1L << (Blocks.VPC_IPV6 - pool.prefixLength());
        for (int i = 0; i < PROBES; i++) {
            Cidr block = block(ThreadLocalRandom.current().nextLong(blocks));
            if (!store.isTaken(block)) {
                return Outcome.done(block);
            }
        }
        Set<Cidr> taken = store.takenIpv6Blocks();
        for (long number = 0; number < blocks; number++) {
            Cidr block = block(number);
            if (!taken.contains(block)) {
                return Outcome.done(block);
            }
        }
        return Outcome.refused(Refusal.of(
                ErrorCode.INSUFFICIENT_ADDRESS_CAPACITY,
                "amazonProvidedIpv6CidrBlock",
                "No block of the pool " + pool + " is free"));
    }

    /** The pool's block of this number, from 0. */
    private Cidr block(long number) {
        IpAddress first = pool.network();
        long step = 1L << (Blocks.SUBNET_IPV6 - Blocks.VPC_IPV6);
        return new Cidr(new IpAddress(IpFamily.IPV6, first.high() + number * step, 0), Blocks.VPC_IPV6);
    }
}
