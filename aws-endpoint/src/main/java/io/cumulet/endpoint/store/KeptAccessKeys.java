package io.cumulet.endpoint.store;

import io.cumulet.plumbing.suite.KeptTables;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;

/** Whoever has an access key goes on with it after a reset of everything; what was audited stays numbered. */
@ApplicationScoped
class KeptAccessKeys implements KeptTables {

    @Override
    public Set<String> tables() {
        return Set.of("access_key", "access_audit_sequence");
    }
}
