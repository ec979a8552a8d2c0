package io.cumulet.billing.api.upload;

import io.cumulet.billing.domain.whatifs.InstanceHours;
import io.cumulet.kernel.AccountId;
import org.jspecify.annotations.Nullable;

/** Reads the rows of one kind of file. */
interface RowReader {

    /** @return why the row is ignored; null if it was added to the hours */
    @Nullable
    String read(Columns.Row row, AccountId account, InstanceHours hours);
}
