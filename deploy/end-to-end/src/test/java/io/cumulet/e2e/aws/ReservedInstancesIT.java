package io.cumulet.e2e.aws;

import static io.cumulet.e2e.aws.AwsClients.codeOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.e2e.RunningStack;
import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.Service;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeReservedInstancesOfferingsResponse;
import software.amazon.awssdk.services.ec2.model.InstanceType;
import software.amazon.awssdk.services.ec2.model.OfferingClassType;
import software.amazon.awssdk.services.ec2.model.OfferingTypeValues;
import software.amazon.awssdk.services.ec2.model.RIProductDescription;
import software.amazon.awssdk.services.ec2.model.ReservedInstances;
import software.amazon.awssdk.services.ec2.model.ReservedInstancesOffering;
import software.amazon.awssdk.services.ec2.model.ScheduledInstance;
import software.amazon.awssdk.services.ec2.model.ScheduledInstanceAvailability;
import software.amazon.awssdk.services.ec2.model.Scope;

/** Reserved and Scheduled Instances through the usual client. */
@ExtendWith(RunningStack.class)
class ReservedInstancesIT {

    private static final long YEAR = 31_536_000;

    @Test
    void offeringsAreFoundBoughtShownAndModified(LocalStack stack) {
        AwsClients account = AwsClients.ofNewAccount(stack);
        try (Ec2Client ec2 = account.ec2()) {
            DescribeReservedInstancesOfferingsResponse some =
                    ec2.describeReservedInstancesOfferings(all -> all.instanceType(InstanceType.M5_LARGE)
                            .productDescription(RIProductDescription.LINUX_UNIX)
                            .offeringClass(OfferingClassType.STANDARD)
                            .offeringType(OfferingTypeValues.NO_UPFRONT)
                            .maxDuration(YEAR)
                            .filters(scope -> scope.name("scope").values("Region")));
            assertThat(some.reservedInstancesOfferings()).hasSize(1);
            ReservedInstancesOffering offering =
                    some.reservedInstancesOfferings().getFirst();
            assertThat(offering.duration()).isEqualTo(YEAR);
            assertThat(offering.scope()).isEqualTo(Scope.REGION);
            assertThat(offering.fixedPrice()).isZero();
            assertThat(offering.recurringCharges().getFirst().amount()).isPositive();
            assertThat(ec2.describeReservedInstancesOfferings(
                                    all -> all.reservedInstancesOfferingIds(offering.reservedInstancesOfferingId()))
                            .reservedInstancesOfferings())
                    .containsExactly(offering);

            String id = ec2.purchaseReservedInstancesOffering(
                            wish -> wish.reservedInstancesOfferingId(offering.reservedInstancesOfferingId())
                                    .instanceCount(2))
                    .reservedInstancesId();
            ReservedInstances bought = ec2.describeReservedInstances(all -> all.filters(
                            state -> state.name("state").values("active"),
                            type -> type.name("instance-type").values("m5.*")))
                    .reservedInstances()
                    .getFirst();
            assertThat(bought.reservedInstancesId()).isEqualTo(id);
            assertThat(bought.instanceCount()).isEqualTo(2);
            assertThat(bought.offeringTypeAsString()).isEqualTo("No Upfront");
            ec2.createTags(
                    wish -> wish.resources(id).tags(tag -> tag.key("team").value("red")));
            assertThat(ec2.describeReservedInstances(all ->
                                    all.filters(team -> team.name("tag:team").values("red")))
                            .reservedInstances())
                    .singleElement()
                    .satisfies(tagged -> assertThat(tagged.tags()).hasSize(1));

            String modification = ec2.modifyReservedInstances(change -> change.reservedInstancesIds(id)
                            .targetConfigurations(target -> target.availabilityZone("us-east-1a")
                                    .instanceType(InstanceType.M5_LARGE)
                                    .instanceCount(2)))
                    .reservedInstancesModificationId();
            assertThat(ec2.describeReservedInstancesModifications(
                                    all -> all.reservedInstancesModificationIds(modification))
                            .reservedInstancesModifications()
                            .getFirst())
                    .satisfies(done -> {
                        assertThat(done.status()).isEqualTo("fulfilled");
                        assertThat(done.modificationResults()
                                        .getFirst()
                                        .targetConfiguration()
                                        .availabilityZone())
                                .isEqualTo("us-east-1a");
                    });
            assertThat(ec2.describeReservedInstances(all -> all.filters(
                                    zone -> zone.name("availability-zone").values("us-east-1a")))
                            .reservedInstances())
                    .singleElement()
                    .satisfies(zonal -> assertThat(zonal.scope()).isEqualTo(Scope.AVAILABILITY_ZONE));
        }
    }

    @Test
    void offeringsComeInPagesAndAQueuedPurchaseIsTakenBack(LocalStack stack) {
        AwsClients account = AwsClients.ofNewAccount(stack);
        try (Ec2Client ec2 = account.ec2()) {
            List<String> paged = ec2
                    .describeReservedInstancesOfferingsPaginator(all -> all.instanceType(InstanceType.M5_LARGE)
                            .productDescription(RIProductDescription.LINUX_UNIX)
                            .maxResults(7))
                    .reservedInstancesOfferings()
                    .stream()
                    .map(ReservedInstancesOffering::reservedInstancesOfferingId)
                    .toList();
            assertThat(paged).doesNotHaveDuplicates().hasSizeGreaterThan(12);

            Instant later = now(account).plus(Duration.ofDays(30));
            String id = ec2.purchaseReservedInstancesOffering(wish -> wish.reservedInstancesOfferingId(paged.getFirst())
                            .instanceCount(1)
                            .purchaseTime(later))
                    .reservedInstancesId();
            assertThat(ec2.describeReservedInstances(all -> all.reservedInstancesIds(id))
                            .reservedInstances()
                            .getFirst()
                            .stateAsString())
                    .isEqualTo("queued");
            assertThat(ec2.deleteQueuedReservedInstances(gone -> gone.reservedInstancesIds(id, "no-such-id")))
                    .satisfies(answer -> {
                        assertThat(answer.successfulQueuedPurchaseDeletions())
                                .singleElement()
                                .satisfies(one ->
                                        assertThat(one.reservedInstancesId()).isEqualTo(id));
                        assertThat(answer.failedQueuedPurchaseDeletions()
                                        .getFirst()
                                        .error()
                                        .codeAsString())
                                .isEqualTo("reserved-instances-id-invalid");
                    });
        }
    }

    @Test
    void scheduledInstancesAreFoundBoughtAndShown(LocalStack stack) {
        AwsClients account = AwsClients.ofNewAccount(stack);
        try (Ec2Client ec2 = account.ec2()) {
            Instant from = now(account).plus(Duration.ofDays(3)).truncatedTo(ChronoUnit.DAYS);
            ScheduledInstanceAvailability available = ec2.describeScheduledInstanceAvailability(all ->
                            all.firstSlotStartTimeRange(range ->
                                            range.earliestTime(from).latestTime(from.plus(Duration.ofHours(2))))
                                    .recurrence(
                                            every -> every.frequency("Daily").interval(1))
                                    .minSlotDurationInHours(4)
                                    .filters(
                                            type -> type.name("instance-type").values("m4.large"),
                                            platform ->
                                                    platform.name("platform").values("Linux/UNIX")))
                    .scheduledInstanceAvailabilitySet()
                    .getFirst();
            assertThat(available.slotDurationInHours()).isEqualTo(4);
            ScheduledInstance bought = ec2.purchaseScheduledInstances(wish ->
                            wish.purchaseRequests(one -> one.instanceCount(2).purchaseToken(available.purchaseToken())))
                    .scheduledInstanceSet()
                    .getFirst();
            assertThat(bought.instanceCount()).isEqualTo(2);
            assertThat(bought.termStartDate()).isEqualTo(available.firstSlotStartTime());
            assertThat(ec2.describeScheduledInstances(all -> all.scheduledInstanceIds(bought.scheduledInstanceId()))
                            .scheduledInstanceSet())
                    .containsExactly(bought);
            assertThat(codeOf(() -> ec2.purchaseScheduledInstances(wish ->
                            wish.purchaseRequests(one -> one.instanceCount(1).purchaseToken("bm8gdG9rZW4")))))
                    .isEqualTo("InvalidParameterValue");
        }
    }

    @Test
    void whatIsWrongIsRefusedByName(LocalStack stack) {
        AwsClients account = AwsClients.ofNewAccount(stack);
        try (Ec2Client ec2 = account.ec2()) {
            assertThat(codeOf(() -> ec2.purchaseReservedInstancesOffering(wish ->
                            wish.reservedInstancesOfferingId("no-such-offering").instanceCount(1))))
                    .isEqualTo("InvalidReservedInstancesOfferingId");
            assertThat(codeOf(() -> ec2.describeReservedInstances(all -> all.reservedInstancesIds("no-such-id"))))
                    .isEqualTo("InvalidReservedInstancesId");
            assertThat(codeOf(() -> ec2.describeReservedInstancesListings(
                            all -> all.reservedInstancesListingId("no-such-listing"))))
                    .isEqualTo("InvalidReservedInstancesListingId");
            assertThat(codeOf(() -> ec2.describeScheduledInstances(all -> all.scheduledInstanceIds("sci-1"))))
                    .isEqualTo("InvalidScheduledInstance");
        }
    }

    private static Instant now(AwsClients account) {
        return Instant.parse(
                account.rest().get(Service.INSTANCES, "/v1/clock").path("now").asText());
    }
}
