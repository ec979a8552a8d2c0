package io.cumulet.firewall.app;

import io.cumulet.firewall.app.MemberStore.Told;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.util.Optional;

/** The instance service itself, asked on behalf of an account. Not inside a transaction: an answer may take seconds. */
public interface InstanceService {

    /**
     * A VPC that is there.
     *
     * @throws io.cumulet.kernel.RefusedException {@code Unavailable} if it can't be asked
     */
    Optional<Vpc> vpc(AccountId account, Region region, String vpcId);

    /**
     * An instance that isn't terminated, as if it were told, but for its host: that is the operator's alone to know.
     *
     * @throws io.cumulet.kernel.RefusedException {@code Unavailable} if it can't be asked
     */
    Optional<Told> instance(AccountId account, Region region, String instanceId);

    /**
     * Has it refuse new attachments of a group that nothing has, until it hears of a later version of the group that isn't
     * its deletion. Asking again does no harm.
     *
     * @param version of the group
     */
    Retirement retire(AccountId account, Region region, String vpcId, String groupId, long version);

    /** What became of a retirement. */
    sealed interface Retirement {

        /** Nothing has the group, and nothing gets it. */
        record Done() implements Retirement {}

        /** Something has it, and anything may still get it. */
        record InUse(String message) implements Retirement {}

        /** It knows of a later version of the group: nothing was retired. */
        record Changed() implements Retirement {}

        /** @param perhapsDone it was asked, and no answer came */
        record Away(String message, boolean perhapsDone) implements Retirement {}
    }
}
