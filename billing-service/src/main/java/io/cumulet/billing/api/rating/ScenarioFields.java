package io.cumulet.billing.api.rating;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** The fields that many parts of a scenario have, each under the same name everywhere. */
final class ScenarioFields {

    static final Function<String, Optional<AccountId>> ACCOUNT = checked(AccountId::isValid, AccountId::new);
    private static final Function<String, Optional<Region>> REGION = checked(Region::isValid, Region::new);
    private static final Function<String, Optional<AvailabilityZone>> ZONE =
            checked(AvailabilityZone::isValid, AvailabilityZone::new);
    static final Function<String, Optional<InstanceType>> TYPE = checked(InstanceType::isValid, InstanceType::new);

    private ScenarioFields() {}

    static AccountId account(JsonPlace json) {
        return json.required("account").named(ACCOUNT, "an account of 12 digits");
    }

    static Region region(JsonPlace json) {
        return json.required("region").named(REGION, "a region");
    }

    static AvailabilityZone zone(JsonPlace json) {
        return json.required("availabilityZone").named(ZONE, "an Availability Zone");
    }

    static InstanceType type(JsonPlace json) {
        return json.required("instanceType").named(TYPE, "an instance type");
    }

    static OperatingSystem os(JsonPlace json) {
        return json.required("os").named(OperatingSystem::ofCode, "a system we know how to count");
    }

    static Tenancy priceTenancy(JsonPlace json) {
        return json.optionalNamed(
                "tenancy",
                code -> Tenancy.ofCode(code).filter(tenancy -> tenancy != Tenancy.HOST),
                "a tenancy that has a price",
                Tenancy.DEFAULT);
    }

    static HourlyRate hourly(JsonPlace json) {
        return json.required("hourly").price();
    }

    private static <T> Function<String, Optional<T>> checked(Predicate<String> valid, Function<String, T> create) {
        return text -> valid.test(text) ? Optional.of(create.apply(text)) : Optional.empty();
    }
}
