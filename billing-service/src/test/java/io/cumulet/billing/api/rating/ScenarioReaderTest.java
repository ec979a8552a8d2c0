package io.cumulet.billing.api.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.billing.domain.rating.Commitments;
import io.cumulet.billing.domain.rating.Fees;
import io.cumulet.billing.domain.rating.HostReservation;
import io.cumulet.billing.domain.rating.Prices;
import io.cumulet.billing.domain.rating.Rating;
import io.cumulet.billing.domain.rating.ReservedInstance;
import io.cumulet.billing.domain.rating.ReservedInstance.Regional;
import io.cumulet.billing.domain.rating.ReservedInstance.Zonal;
import io.cumulet.billing.domain.rating.SavingsPlan;
import io.cumulet.billing.domain.rating.SavingsPlan.Compute;
import io.cumulet.billing.domain.rating.SavingsPlan.Ec2Instance;
import io.cumulet.billing.domain.rating.Scenario;
import io.cumulet.billing.domain.rating.Term;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.PaymentOption;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import java.time.Instant;
import org.apache.commons.numbers.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScenarioReaderTest {

    private static final String SCENARIO = """
            {"period": {"start": "2026-01-01T00:00:00Z", "end": "2026-01-01T02:00:00Z"},
             "prices": {"onDemand": [
               {"region": "us-east-1", "instanceType": "m4.large", "os": "linux", "hourly": "0.10"}]},
             "instances": [
               {"id": "i-1", "account": "111111111111", "instanceType": "m4.large", "os": "linux",
                "availabilityZone": "us-east-1a",
                "runs": [{"start": "2026-01-01T00:00:00Z", "stop": "2026-01-01T01:00:00Z"}]}]}
            """;

    private static final Instant BOUGHT = Instant.parse("2025-06-01T00:00:00Z");

    private static final String WITH_COMMITMENTS = """
            {"period": {"start": "2026-01-01T00:00:00Z", "end": "2026-01-01T02:00:00Z"},
             "prices": {
               "savingsPlanRates": [
                 {"planId": "sp-1", "region": "us-east-1", "instanceType": "m4.large", "os": "linux", "hourly": "0.062"}],
               "savingsPlanHostRates": [
                 {"planId": "sp-1", "region": "us-east-1", "family": "m4", "hourly": "1.694"}]},
             "reservedInstances": [
               {"id": "ri-1", "account": "111111111111", "instanceType": "m4.large", "os": "linux",
                "region": "us-east-1", "count": 3,
                "start": "2025-06-01T00:00:00Z", "termYears": 1, "upfront": "262.8", "hourly": "0.03"},
               {"id": "ri-2", "account": "222222222222", "instanceType": "m4.large", "os": "windows",
                "availabilityZone": "us-east-1a", "count": 1,
                "start": "2025-06-01T00:00:00Z", "termYears": 3, "upfront": "0", "hourly": "0.1"}],
             "savingsPlans": [
               {"id": "sp-1", "account": "111111111111", "planType": "ec2-instance",
                "family": "m4", "region": "us-east-1", "commitmentHourly": "0.5",
                "paymentOption": "partial-upfront", "start": "2025-06-01T00:00:00Z", "termYears": 1},
               {"id": "sp-2", "account": "111111111111", "planType": "compute", "commitmentHourly": "2",
                "paymentOption": "no-upfront", "start": "2025-06-01T00:00:00Z", "termYears": 1}],
             "hostReservations": [
               {"id": "hr-1", "account": "111111111111", "family": "m4", "region": "us-east-1", "count": 2,
                "start": "2025-06-01T00:00:00Z", "termYears": 1, "upfront": "9", "hourly": "1"}]}
            """;

    @Test
    void aSoundScenarioIsRead() throws JsonProcessingException {
        assertThat(read(SCENARIO)).isInstanceOf(Outcome.Done.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "start": "2026-01-01T00:00:00Z", "end"     | "start": "2026-01-01T00:00:01Z", "end"      | /period/start
            "end": "2026-01-01T02:00:00Z"              | "end": "2026-01-01T02:30:00Z"               | /period/end
            "end": "2026-01-01T02:00:00Z"              | "end": "2025-01-01T02:00:00Z"               | /period/end
            "end": "2026-01-01T02:00:00Z"              | "end": "2026-01-01T02:00:00+00:00"          | /period/end
            "hourly": "0.10"                           | "hourly": "0"                               | /prices/onDemand/0/hourly
            "hourly": "0.10"                           | "hourly": 0.1                               | /prices/onDemand/0/hourly
            "os": "linux", "hourly"                    | "os": "beos", "hourly"                      | /prices/onDemand/0/os
            "os": "linux", "hourly"                    | "os": "linux", "price": "1", "hourly"       | /prices/onDemand/0/price
            "account": "111111111111"                  | "account": "11111"                          | /instances/0/account
            "account": "111111111111",                 | ''                                          | /instances/0/account
            "availabilityZone": "us-east-1a"           | "availabilityZone": "us-east-1"             | /instances/0/availabilityZone
            "availabilityZone": "us-east-1a"           | "availabilityZone": "us-east-1a", "hostId": "h-1" | /instances/0/hostId
            "availabilityZone": "us-east-1a"           | "availabilityZone": "us-east-1a", "capacityReservationId": "cr-1" | /instances/0/capacityReservationId
            "stop": "2026-01-01T01:00:00Z"             | "stop": "2026-01-01T00:00:00Z"              | /instances/0/runs/0/stop
            "stop": "2026-01-01T01:00:00Z"             | "stop": "2026-01-01T01:00:00.5Z"            | /instances/0/runs/0/stop
            "stop": "2026-01-01T01:00:00Z"             | "stop": "2026-02-30T01:00:00Z"              | /instances/0/runs/0/stop
            , "stop": "2026-01-01T01:00:00Z"}          | }, {"start": "2026-01-01T01:00:00Z"}        | /instances/0/runs/1
            , "stop": "2026-01-01T01:00:00Z"           | , "endedBy": "interruption"                 | /instances/0/runs/0/endedBy
            "runs": [                                  | "tags": {}, "runs": [                       | /instances/0/tags
            "period": {                                | "a/b~c": 1, "period": {                     | /a~1b~0c
            "period": {                                | "organizations": [["111111111111"], ["111111111111"]], "period": { | /organizations/1/0
            "period": {                                | "spotInterruptionPolicy": "kind", "period": { | /spotInterruptionPolicy
            """)
    void whatIsWrongIsNamedByItsPlace(String right, String wrong, String place) throws JsonProcessingException {
        assertThat(SCENARIO).contains(right);

        Refusal refusal = refusal(read(SCENARIO.replace(right, wrong)));

        assertThat(refusal.code()).isEqualTo(ErrorCode.CANNOT_RATE);
        assertThat(refusal.field()).isEqualTo(place);
    }

    @Test
    void usageWithoutAPriceIsNamed() throws JsonProcessingException {
        String scenario = SCENARIO.replace("\"os\": \"linux\", \"hourly\"", "\"os\": \"windows\", \"hourly\"");

        Refusal refusal = refusal(read(scenario).map(Rating::rate).orThrow().complete());

        assertThat(refusal.code()).isEqualTo(ErrorCode.CANNOT_RATE);
        assertThat(refusal.field()).isEqualTo("/instances/0");
        assertThat(refusal.message()).contains("m4.large", "linux", "us-east-1");
    }

    @Test
    void commitmentsOfEachKindAreRead() throws JsonProcessingException {
        Commitments commitments = read(WITH_COMMITMENTS).orThrow().commitments();

        assertThat(commitments.reservedInstances())
                .extracting(ReservedInstance::id, ReservedInstance::scope, ReservedInstance::term)
                .containsExactly(
                        tuple("ri-1", new Regional(new Region("us-east-1")), new Term(BOUGHT, 1)),
                        tuple("ri-2", new Zonal(new AvailabilityZone("us-east-1a")), new Term(BOUGHT, 3)));
        assertThat(commitments.savingsPlans())
                .extracting(SavingsPlan::id, SavingsPlan::coverage, SavingsPlan::paymentOption)
                .containsExactly(
                        tuple("sp-1", new Ec2Instance("m4", new Region("us-east-1")), PaymentOption.PARTIAL_UPFRONT),
                        tuple("sp-2", new Compute(), PaymentOption.NO_UPFRONT));
        assertThat(commitments.hostReservations())
                .extracting(HostReservation::id, HostReservation::family, HostReservation::count)
                .containsExactly(tuple("hr-1", "m4", 2));
    }

    @Test
    void feesAreReadExactlyForEachUnit() throws JsonProcessingException {
        ReservedInstance reserved = read(WITH_COMMITMENTS)
                .orThrow()
                .commitments()
                .reservedInstances()
                .getFirst();

        assertThat(reserved.count()).isEqualTo(3);
        assertThat(reserved.unitFees()).isEqualTo(new Fees(BigFraction.of(1314, 5), BigFraction.of(3, 100)));
    }

    @Test
    void ratesOfPlansAreReadForInstancesAndHosts() throws JsonProcessingException {
        Prices prices = read(WITH_COMMITMENTS).orThrow().prices();
        Region region = new Region("us-east-1");
        InstanceType type = new InstanceType("m4.large");

        assertThat(prices.savingsPlan("sp-1", region, type, OperatingSystem.LINUX, Tenancy.DEFAULT))
                .contains(HourlyRate.of("0.062"));
        assertThat(prices.savingsPlan("sp-1", region, type, OperatingSystem.LINUX, Tenancy.DEDICATED))
                .isEmpty();
        assertThat(prices.savingsPlan("sp-2", region, type, OperatingSystem.LINUX, Tenancy.DEFAULT))
                .isEmpty();
        assertThat(prices.savingsPlanHost("sp-1", region, "m4")).contains(HourlyRate.of("1.694"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "region": "us-east-1", "count": 3          | "count": 3                                  | /reservedInstances/0
            "region": "us-east-1", "count": 3          | "region": "us-east-1", "availabilityZone": "us-east-1a", "count": 3 | /reservedInstances/0
            "region": "us-east-1", "count": 3          | "region": "us-east-1a", "count": 3          | /reservedInstances/0/region
            "count": 3                                 | "count": 0                                  | /reservedInstances/0/count
            "count": 3                                 | "count": -1                                 | /reservedInstances/0/count
            "count": 3                                 | "count": 1.5                                | /reservedInstances/0/count
            "count": 3                                 | "count": "3"                                | /reservedInstances/0/count
            "count": 3,                                | ''                                          | /reservedInstances/0/count
            "count": 3                                 | "count": 3, "tenancy": "host"               | /reservedInstances/0/tenancy
            "count": 3                                 | "count": 3, "offeringClass": "standard"     | /reservedInstances/0/offeringClass
            "termYears": 1, "upfront": "262.8"         | "termYears": 2, "upfront": "262.8"          | /reservedInstances/0/termYears
            "termYears": 1, "upfront": "262.8"         | "termYears": 0, "upfront": "262.8"          | /reservedInstances/0/termYears
            "termYears": 1, "upfront": "262.8"         | "termYears": "1", "upfront": "262.8"        | /reservedInstances/0/termYears
            "upfront": "262.8"                         | "upfront": "-262.8"                         | /reservedInstances/0/upfront
            "upfront": "262.8"                         | "upfront": 262.8                            | /reservedInstances/0/upfront
            "upfront": "262.8"                         | "upfront": "2e2"                            | /reservedInstances/0/upfront
            "upfront": "262.8", "hourly": "0.03"       | "upfront": "262.8", "hourly": "-1"          | /reservedInstances/0/hourly
            "upfront": "262.8", "hourly": "0.03"       | "upfront": "262.8"                          | /reservedInstances/0/hourly
            "id": "ri-2"                               | "id": "ri-1"                                | /reservedInstances/1/id
            "availabilityZone": "us-east-1a", "count"  | "availabilityZone": "us-east-1", "count"    | /reservedInstances/1/availabilityZone
            "planType": "ec2-instance"                 | "planType": "lambda"                        | /savingsPlans/0/planType
            "planType": "ec2-instance",                | ''                                          | /savingsPlans/0/planType
            "family": "m4", "region": "us-east-1", "commitmentHourly" | "region": "us-east-1", "commitmentHourly" | /savingsPlans/0/family
            "family": "m4", "region": "us-east-1", "commitmentHourly" | "family": "m4", "commitmentHourly" | /savingsPlans/0/region
            "commitmentHourly": "0.5"                  | "commitmentHourly": "-0.5"                  | /savingsPlans/0/commitmentHourly
            "commitmentHourly": "0.5"                  | "commitmentHourly": 0.5                     | /savingsPlans/0/commitmentHourly
            "commitmentHourly": "0.5"                  | "commitmentHourly": "0.5", "upfront": "1"   | /savingsPlans/0/upfront
            "paymentOption": "partial-upfront"         | "paymentOption": "later"                    | /savingsPlans/0/paymentOption
            "paymentOption": "partial-upfront"         | "paymentOption": null                       | /savingsPlans/0/paymentOption
            "paymentOption": "no-upfront", "start": "2025-06-01T00:00:00Z", "termYears": 1 | "paymentOption": "no-upfront", "start": "2025-06-01T00:00:00Z", "termYears": 5 | /savingsPlans/1/termYears
            "paymentOption": "no-upfront", "start": "2025-06-01T00:00:00Z" | "paymentOption": "no-upfront", "start": "2025-06-01" | /savingsPlans/1/start
            "id": "sp-2"                               | "id": "sp-1"                                | /savingsPlans/1/id
            "count": 2                                 | "count": 0                                  | /hostReservations/0/count
            "count": 2                                 | "count": 2, "availabilityZone": "us-east-1a" | /hostReservations/0/availabilityZone
            "upfront": "9"                             | "upfront": "-9"                             | /hostReservations/0/upfront
            "upfront": "9", "hourly": "1"}             | "upfront": "9", "hourly": "1"}, {"id": "hr-1", "account": "222222222222", "family": "m5", "region": "us-east-1", "count": 1, "start": "2025-06-01T00:00:00Z", "termYears": 1, "upfront": "0", "hourly": "1"} | /hostReservations/1/id
            "hourly": "0.062"}                         | "hourly": "0.062"}, {"planId": "sp-1", "region": "us-east-1", "instanceType": "m4.large", "os": "linux", "hourly": "0.061"} | /prices/savingsPlanRates/1
            "hourly": "0.062"}                         | "hourly": "0.062", "currency": "USD"}       | /prices/savingsPlanRates/0/currency
            "hourly": "0.062"}                         | "hourly": "0"}                              | /prices/savingsPlanRates/0/hourly
            "hourly": "0.062"}                         | "tenancy": "host", "hourly": "0.062"}       | /prices/savingsPlanRates/0/tenancy
            "hourly": "1.694"}                         | "hourly": "1.694"}, {"planId": "sp-1", "region": "us-east-1", "family": "m4", "hourly": "1.7"} | /prices/savingsPlanHostRates/1
            "hourly": "1.694"}                         | "hourly": "1.694", "os": "linux"}           | /prices/savingsPlanHostRates/0/os
            """)
    void aWrongCommitmentIsNamedByItsPlace(String right, String wrong, String place) throws JsonProcessingException {
        assertThat(WITH_COMMITMENTS).contains(right);

        Refusal refusal = refusal(read(WITH_COMMITMENTS.replace(right, wrong)));

        assertThat(refusal.code()).isEqualTo(ErrorCode.CANNOT_RATE);
        assertThat(refusal.field()).isEqualTo(place);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "hourly": "0.062"} | "hourly": "0.062"}, {"planId": "sp-1", "region": "us-east-1", "instanceType": "m4.large", "os": "linux", "hourly": "0.0620"}
            "hourly": "1.694"} | "hourly": "1.694"}, {"planId": "sp-1", "region": "us-east-1", "family": "m4", "hourly": "1.694"}
            "id": "sp-1"       | "id": "ri-1"
            "upfront": "262.8", "hourly": "0.03" | "upfront": "0", "hourly": "0"
            "count": 3         | "count": 3, "tenancy": "dedicated"
            """)
    void whatIsUnusualButSoundIsRead(String usual, String unusual) throws JsonProcessingException {
        assertThat(WITH_COMMITMENTS).contains(usual);

        assertThat(read(WITH_COMMITMENTS.replace(usual, unusual))).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void emptyListsOfCommitmentsAreNoCommitments() throws JsonProcessingException {
        String scenario = SCENARIO.replace("\"period\"", "\"savingsPlans\": [], \"reservedInstances\": [], \"period\"");

        assertThat(read(scenario).orThrow().commitments()).isEqualTo(Commitments.NONE);
    }

    private static Outcome<Scenario> read(String json) throws JsonProcessingException {
        return ScenarioReader.read(new ObjectMapper().readTree(json));
    }

    private static Refusal refusal(Outcome<?> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        return ((Outcome.Refused<?>) outcome).refusal();
    }
}
