package io.cumulet.instances.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Map;

/** The hosts a new stack begins with. Zones that have or had hosts are left as they are. */
@ConfigMapping(prefix = "cumulet.fleet")
public interface FleetConfig {

    /** The zones that get hosts. */
    @WithDefault(
            "us-east-1a,us-east-1b,us-east-1c,eu-west-1a,eu-west-1b,eu-west-1c,ap-southeast-2a,ap-southeast-2b,ap-southeast-2c")
    List<String> zones();

    /** The hosts of each zone, by family. */
    Map<String, Family> families();

    /** The hosts of any other family, which come to each zone of a region with the first launch there. */
    AtFirstUse atFirstUse();

    /** Hosts of a family that nobody has listed. */
    interface AtFirstUse extends Family {
        /** How many a zone gets; with 0, what isn't listed has no room until an operator adds hosts. */
        @Override
        @WithDefault("0")
        int hosts();
    }

    /** Hosts of one family. */
    interface Family {
        /** How many a zone gets. */
        @WithDefault("2")
        int hosts();

        /**
         * How many of the family's largest (not metal) type a host holds; each brings the vCPUs, memory, disks and GPUs
         * of that type.
         */
        @WithDefault("1")
        int size();

        /** How many sockets each has. */
        @WithDefault("2")
        int sockets();
    }
}
