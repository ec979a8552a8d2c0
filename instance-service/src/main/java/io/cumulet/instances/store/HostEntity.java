package io.cumulet.instances.store;

import io.cumulet.instances.domain.placement.Capacity;
import io.cumulet.instances.domain.placement.Host;
import io.cumulet.kernel.AvailabilityZone;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/** A host as a row, for reading; committers write it in batches of plain SQL. */
@Entity
@Immutable
@Table(name = "host")
public class HostEntity {

    @Id
    @Column(name = "host_id")
    String id;

    @Column(name = "az")
    String zone;

    String family;
    String state;
    long version;
    int sockets;
    int cores;
    int vcpus;

    @Column(name = "memory_mib")
    long memoryMib;

    @Column(name = "local_storage_gb")
    long localStorageGb;

    int gpus;

    @Column(name = "used_vcpus")
    int usedVcpus;

    @Column(name = "used_memory_mib")
    long usedMemoryMib;

    @Column(name = "used_local_storage_gb")
    long usedLocalStorageGb;

    @Column(name = "used_gpus")
    int usedGpus;

    Host host() {
        return new Host(
                id,
                new AvailabilityZone(zone),
                family,
                sockets,
                cores,
                new Capacity(vcpus, memoryMib, localStorageGb, gpus),
                Host.State.ofCode(state).orElseThrow(),
                version);
    }

    Capacity used() {
        return new Capacity(usedVcpus, usedMemoryMib, usedLocalStorageGb, usedGpus);
    }
}
