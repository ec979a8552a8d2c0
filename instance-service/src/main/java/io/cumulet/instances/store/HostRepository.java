package io.cumulet.instances.store;

import io.cumulet.instances.app.Fleet.HostReads;
import io.cumulet.instances.app.Fleet.HostUse;
import io.cumulet.kernel.Region;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.ActivateRequestContext;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reading hosts. */
@ApplicationScoped
@ActivateRequestContext
public class HostRepository implements PanacheRepositoryBase<HostEntity, String>, HostReads {

    @Override
    public Optional<HostUse> host(String hostId) {
        return findByIdOptional(hostId).map(HostRepository::use);
    }

    @Override
    public List<HostUse> hosts(
            Region region,
            @Nullable String zone,
            @Nullable String family,
            @Nullable String state,
            @Nullable String afterId,
            int limit) {
        return find("""
                        id > ?1 and zone like ?2 and (?3 is null or zone = ?3)
                        and (?4 is null or family = ?4) and (?5 is null or state = ?5) order by id""", afterId == null ? "" : afterId, region.value() + "_", zone, family, state)
                .range(0, limit - 1)
                .stream()
                .map(HostRepository::use)
                .toList();
    }

    private static HostUse use(HostEntity entity) {
        return new HostUse(entity.host(), entity.used());
    }
}
