package io.cumulet.instances.domain.placement;

/** An amount of what a host gives, in each dimension that can run out. */
public record Capacity(int vcpus, long memoryMib, long localStorageGb, int gpus) {

    public static final Capacity NONE = new Capacity(0, 0, 0, 0);

    public Capacity {
        if (vcpus < 0 || memoryMib < 0 || localStorageGb < 0 || gpus < 0) {
            throw new IllegalArgumentException("Capacity is never negative: " + vcpus + " vCPUs, " + memoryMib
                    + " MiB, " + localStorageGb + " GB, " + gpus + " GPUs");
        }
    }

    public Capacity plus(Capacity other) {
        return new Capacity(
                vcpus + other.vcpus,
                memoryMib + other.memoryMib,
                localStorageGb + other.localStorageGb,
                gpus + other.gpus);
    }

    /** @throws IllegalArgumentException if the other is larger in any dimension */
    public Capacity minus(Capacity other) {
        return new Capacity(
                vcpus - other.vcpus,
                memoryMib - other.memoryMib,
                localStorageGb - other.localStorageGb,
                gpus - other.gpus);
    }

    /** What is in both, dimension by dimension. */
    public Capacity min(Capacity other) {
        return new Capacity(
                Math.min(vcpus, other.vcpus),
                Math.min(memoryMib, other.memoryMib),
                Math.min(localStorageGb, other.localStorageGb),
                Math.min(gpus, other.gpus));
    }

    public boolean holds(Capacity need) {
        return vcpus >= need.vcpus
                && memoryMib >= need.memoryMib
                && localStorageGb >= need.localStorageGb
                && gpus >= need.gpus;
    }

    /** How many times a need goes into this, in the scarcest dimension. A need for nothing is an error. */
    public int timesHolding(Capacity need) {
        long times = Long.MAX_VALUE;
        times = Math.min(times, times(vcpus, need.vcpus));
        times = Math.min(times, times(memoryMib, need.memoryMib));
        times = Math.min(times, times(localStorageGb, need.localStorageGb));
        times = Math.min(times, times(gpus, need.gpus));
        if (times == Long.MAX_VALUE) {
            throw new IllegalArgumentException("A need for nothing");
        }
        return Math.toIntExact(times);
    }

    private static long times(long have, long need) {
        return need == 0 ? Long.MAX_VALUE : have / need;
    }
}
