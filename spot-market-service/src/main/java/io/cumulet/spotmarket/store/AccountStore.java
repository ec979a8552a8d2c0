package io.cumulet.spotmarket.store;

import io.cumulet.kernel.AccountId;
import io.cumulet.plumbing.suite.AccountRows;
import io.cumulet.spotmarket.app.fleets.MarketReset;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** All that the market's tables hold of one account. A new table is a line here. */
@ApplicationScoped
class AccountStore implements MarketReset.Store {

    private static final String OF_REQUESTS = " IN (SELECT request_id FROM spot_request WHERE account = ?)";
    private static final String OF_FLEETS = " IN (SELECT fleet_id FROM spot_fleet WHERE account = ?)";

    private static final List<String> STATEMENTS = List.of(
            "DELETE FROM timer WHERE kind IN ('spot.eviction', 'spot.valid-from', 'spot.valid-until') AND subject"
                    + OF_REQUESTS,
            "DELETE FROM timer WHERE kind = 'spot.fleet' AND split_part(subject, '/', 1)" + OF_FLEETS,
            "DELETE FROM timer WHERE kind = 'spot.fleet.on-demand' AND subject" + OF_FLEETS,
            "DELETE FROM fleet_launch WHERE fleet_id" + OF_FLEETS,
            "DELETE FROM fleet_instance WHERE fleet_id" + OF_FLEETS,
            "DELETE FROM spot_user_data WHERE request_id" + OF_REQUESTS,
            "DELETE FROM spot_user_data WHERE request_id" + OF_FLEETS,
            "DELETE FROM spot_request_status WHERE request_id" + OF_REQUESTS,
            "DELETE FROM spot_fleet_happening WHERE fleet_id" + OF_FLEETS,
            "DELETE FROM spot_fleet_wish WHERE fleet_id" + OF_FLEETS,
            "DELETE FROM spot_request WHERE account = ?",
            "DELETE FROM spot_fleet WHERE account = ?");

    private final AccountRows rows;

    AccountStore(AccountRows rows) {
        this.rows = rows;
    }

    @Override
    public List<String> fleetsOf(AccountId account) {
        return rows.ids("SELECT fleet_id FROM spot_fleet WHERE account = ? ORDER BY fleet_id", account);
    }

    @Override
    public List<String> liveRequestsOf(AccountId account) {
        return rows.ids("SELECT request_id FROM spot_request WHERE account = ? AND live", account);
    }

    @Override
    public void forget(AccountId account) {
        rows.run(STATEMENTS, account);
    }
}
