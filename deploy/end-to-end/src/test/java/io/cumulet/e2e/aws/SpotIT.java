package io.cumulet.e2e.aws;

import static io.cumulet.e2e.aws.AwsClients.codeOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.e2e.RunningStack;
import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.Service;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.ActiveInstance;
import software.amazon.awssdk.services.ec2.model.BatchState;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceType;
import software.amazon.awssdk.services.ec2.model.MarketType;
import software.amazon.awssdk.services.ec2.model.RequestSpotInstancesResponse;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.SpotFleetRequestConfig;
import software.amazon.awssdk.services.ec2.model.SpotInstanceRequest;
import software.amazon.awssdk.services.ec2.model.SpotInstanceState;
import software.amazon.awssdk.services.ec2.model.SpotInstanceType;
import software.amazon.awssdk.services.ec2.model.SpotPrice;
import software.amazon.awssdk.services.ec2.model.Tag;

/** Spot requests, prices and Spot Fleets through the usual client. */
@ExtendWith(RunningStack.class)
class SpotIT {

    private static final String ZONE = "us-east-1c";
    private static final String TYPE = "m4.large";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void aRequestBelowThePriceStaysOpenAndIsShownAsItWasAskedFor(LocalStack stack) {
        AwsClients account = AwsClients.ofNewAccount(stack);
        room(account);
        try (Ec2Client ec2 = account.ec2()) {
            Instant until = Instant.now().plus(Duration.ofDays(90)).truncatedTo(ChronoUnit.SECONDS);
            String image = image(account);
            SpotInstanceRequest asked = ec2.requestSpotInstances(wish -> wish.spotPrice("0.0001")
                            .type(SpotInstanceType.PERSISTENT)
                            .validUntil(until)
                            .launchGroup("together")
                            .availabilityZoneGroup("here")
                            .launchSpecification(launch -> launch.imageId(image)
                                    .instanceType(InstanceType.M4_LARGE)
                                    .placement(place -> place.availabilityZone(ZONE))
                                    .securityGroups("default")
                                    .userData(Base64.getEncoder()
                                            .encodeToString("#!/bin/sh".getBytes(StandardCharsets.UTF_8))))
                            .tagSpecifications(tags -> tags.resourceType(ResourceType.SPOT_INSTANCES_REQUEST)
                                    .tags(Tag.builder().key("Name").value("low").build())))
                    .spotInstanceRequests()
                    .getFirst();
            String id = asked.spotInstanceRequestId();

            SpotInstanceRequest shown = ec2.describeSpotInstanceRequests(all -> all.filters(
                            state -> state.name("state").values("open"),
                            code -> code.name("status-code").values("price-*"),
                            group -> group.name("launch.group-name").values("default"),
                            tag -> tag.name("tag:Name").values("low")))
                    .spotInstanceRequests()
                    .getFirst();
            assertThat(shown.spotInstanceRequestId()).isEqualTo(id);
            assertThat(shown.state()).isEqualTo(SpotInstanceState.OPEN);
            assertThat(shown.status().code()).isEqualTo("price-too-low");
            assertThat(shown.spotPrice()).isEqualTo("0.000100");
            assertThat(shown.typeAsString()).isEqualTo("persistent");
            assertThat(shown.validUntil()).isEqualTo(until);
            assertThat(shown.launchGroup()).isEqualTo("together");
            assertThat(shown.availabilityZoneGroup()).isEqualTo("here");
            assertThat(shown.instanceInterruptionBehaviorAsString()).isEqualTo("terminate");
            assertThat(shown.productDescriptionAsString()).isEqualTo("Linux/UNIX");
            assertThat(shown.launchSpecification().imageId()).isEqualTo(image);
            assertThat(shown.launchSpecification().placement().availabilityZone())
                    .isEqualTo(ZONE);
            assertThat(shown.launchSpecification().securityGroups())
                    .singleElement()
                    .satisfies(group -> assertThat(group.groupName()).isEqualTo("default"));
            assertThat(shown.instanceId()).isNull();
            assertThat(shown.actualBlockHourlyPrice()).isNull();
            assertThat(ec2.describeSpotInstanceRequests(all ->
                                    all.filters(state -> state.name("state").values("active")))
                            .spotInstanceRequests())
                    .isEmpty();

            assertThat(ec2.cancelSpotInstanceRequests(gone -> gone.spotInstanceRequestIds(id))
                            .cancelledSpotInstanceRequests()
                            .getFirst()
                            .stateAsString())
                    .isEqualTo("cancelled");
            assertThat(ec2.describeSpotInstanceRequests(all -> all.spotInstanceRequestIds(id))
                            .spotInstanceRequests()
                            .getFirst()
                            .status()
                            .code())
                    .isEqualTo("canceled-before-fulfillment");
        }
    }

    @Test
    void whatPaysThePriceGetsAnInstanceOfThePoolWhosePriceIsTold(LocalStack stack) {
        AwsClients account = AwsClients.ofNewAccount(stack);
        room(account);
        String image = image(account);
        try (Ec2Client ec2 = account.ec2()) {
            awaitFulfilled(
                    ec2,
                    ec2.requestSpotInstances(wish -> wish.launchSpecification(launch -> launch.imageId(image)
                            .instanceType(InstanceType.M4_LARGE)
                            .placement(place -> place.availabilityZone(ZONE)))));
            SpotInstanceRequest active = ec2.describeSpotInstanceRequests(all -> all.filters(
                            zone -> zone.name("launched-availability-zone").values(ZONE)))
                    .spotInstanceRequests()
                    .getFirst();
            assertThat(active.stateAsString()).isEqualTo("active");
            assertThat(active.instanceId()).startsWith("i-");

            List<SpotPrice> prices = ec2.describeSpotPriceHistory(all -> all.instanceTypes(InstanceType.M4_LARGE)
                            .productDescriptions("Linux/UNIX (Amazon VPC)")
                            .startTime(Instant.now().plus(Duration.ofDays(1)))
                            .filters(zone -> zone.name("availability-zone").values(ZONE)))
                    .spotPriceHistory();
            assertThat(prices).singleElement().satisfies(price -> {
                assertThat(price.instanceTypeAsString()).isEqualTo(TYPE);
                assertThat(price.productDescriptionAsString()).isEqualTo("Linux/UNIX (Amazon VPC)");
                assertThat(Double.parseDouble(price.spotPrice())).isPositive();
            });
            assertThat(ec2.getSpotPlacementScores(wish ->
                                    wish.instanceTypes(TYPE).targetCapacity(1).regionNames("us-east-1"))
                            .spotPlacementScores()
                            .getFirst()
                            .score())
                    .isBetween(1, 10);
        }
    }

    @Test
    void aSpotFleetIsRequestedShownTaggedModifiedAndCancelled(LocalStack stack) {
        AwsClients account = AwsClients.ofNewAccount(stack);
        room(account);
        String image = image(account);
        try (Ec2Client ec2 = account.ec2()) {
            String id = ec2.requestSpotFleet(wish -> wish.spotFleetRequestConfig(config -> config.iamFleetRole(
                                    "arn:aws:iam::123456789012:role/fleet")
                            .targetCapacity(1)
                            .allocationStrategy("capacityOptimizedPrioritized")
                            .tagSpecifications(tags -> tags.resourceType(ResourceType.SPOT_FLEET_REQUEST)
                                    .tags(Tag.builder()
                                            .key("Name")
                                            .value("mine")
                                            .build()))
                            .launchSpecifications(launch -> launch.imageId(image)
                                    .instanceType(InstanceType.M4_LARGE)
                                    .weightedCapacity(1.0)
                                    .placement(place -> place.availabilityZone(ZONE)))))
                    .spotFleetRequestId();
            assertThat(id).startsWith("sfr-");
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> ec2.describeSpotFleetInstances(all -> all.spotFleetRequestId(id))
                                    .activeInstances()
                                    .size()
                            == 1);
            ActiveInstance instance = ec2.describeSpotFleetInstances(all -> all.spotFleetRequestId(id))
                    .activeInstances()
                    .getFirst();
            assertThat(instance.instanceType()).isEqualTo(TYPE);
            assertThat(instance.spotInstanceRequestId()).startsWith("sir-");

            SpotFleetRequestConfig shown = ec2.describeSpotFleetRequests(all -> all.spotFleetRequestIds(id))
                    .spotFleetRequestConfigs()
                    .getFirst();
            assertThat(shown.spotFleetRequestConfig().iamFleetRole()).endsWith("role/fleet");
            assertThat(shown.spotFleetRequestConfig().allocationStrategyAsString())
                    .isEqualTo("capacityOptimizedPrioritized");
            assertThat(shown.spotFleetRequestConfig().launchSpecifications())
                    .singleElement()
                    .satisfies(launch -> assertThat(launch.imageId()).isEqualTo(image));
            assertThat(shown.tags())
                    .containsExactly(Tag.builder().key("Name").value("mine").build());
            assertThat(ec2.describeFleets().fleets()).isEmpty();
            assertThat(ec2.describeSpotFleetRequestHistory(
                                    all -> all.spotFleetRequestId(id).startTime(Instant.EPOCH))
                            .historyRecords())
                    .extracting(record -> record.eventInformation().eventSubType())
                    .contains("submitted", "active", "launched");

            ec2.modifySpotFleetRequest(change -> change.spotFleetRequestId(id).targetCapacity(0));
            assertThat(ec2.cancelSpotFleetRequests(gone -> gone.spotFleetRequestIds(id, "sfr-00000000000000000")
                            .terminateInstances(true)))
                    .satisfies(answer -> {
                        assertThat(answer.successfulFleetRequests().getFirst().currentSpotFleetRequestState())
                                .isIn(BatchState.CANCELLED_TERMINATING, BatchState.CANCELLED);
                        assertThat(answer.unsuccessfulFleetRequests()
                                        .getFirst()
                                        .error()
                                        .codeAsString())
                                .isEqualTo("fleetRequestIdDoesNotExist");
                    });
        }
    }

    @Test
    void aPersistentLaunchComesBackUntilItsRequestIsCancelled(LocalStack stack) {
        AwsClients account = AwsClients.ofNewAccount(stack);
        room(account);
        String image = image(account);
        try (Ec2Client ec2 = account.ec2()) {
            Instant until = Instant.now().plus(Duration.ofDays(30)).truncatedTo(ChronoUnit.SECONDS);
            Instance first = ec2.runInstances(wish -> wish.imageId(image)
                            .instanceType(InstanceType.M4_LARGE)
                            .placement(place -> place.availabilityZone(ZONE))
                            .minCount(1)
                            .maxCount(1)
                            .userData(Base64.getEncoder().encodeToString("#!/bin/sh".getBytes(StandardCharsets.UTF_8)))
                            .tagSpecifications(
                                    of -> of.resourceType(ResourceType.INSTANCE)
                                            .tags(tag -> tag.key("Name").value("web")),
                                    of -> of.resourceType(ResourceType.SPOT_INSTANCES_REQUEST)
                                            .tags(tag -> tag.key("team").value("search")))
                            .instanceMarketOptions(market -> market.marketType(MarketType.SPOT)
                                    .spotOptions(spot -> spot.spotInstanceType(SpotInstanceType.PERSISTENT)
                                            .validUntil(until))))
                    .instances()
                    .getFirst();
            String request = first.spotInstanceRequestId();
            awaitInstance(ec2, request, id -> id.equals(first.instanceId()));
            SpotInstanceRequest made = ec2.describeSpotInstanceRequests(all -> all.spotInstanceRequestIds(request))
                    .spotInstanceRequests()
                    .getFirst();
            assertThat(made.typeAsString()).isEqualTo("persistent");
            assertThat(made.validUntil()).isEqualTo(until);
            assertThat(made.tags()).extracting(Tag::key).containsExactly("team");

            ec2.terminateInstances(gone -> gone.instanceIds(first.instanceId()));
            String second = awaitInstance(ec2, request, id -> !id.equals(first.instanceId()));
            assertThat(ec2.describeInstanceAttribute(
                                    what -> what.instanceId(second).attribute("userData"))
                            .userData()
                            .value())
                    .isEqualTo(Base64.getEncoder().encodeToString("#!/bin/sh".getBytes(StandardCharsets.UTF_8)));
            ec2.cancelSpotInstanceRequests(gone -> gone.spotInstanceRequestIds(request));
            ec2.terminateInstances(gone -> gone.instanceIds(second));
            assertThat(codeOf(() -> ec2.runInstances(wish -> wish.imageId(image)
                            .instanceType(InstanceType.M4_LARGE)
                            .placement(place -> place.availabilityZone(ZONE))
                            .minCount(1)
                            .maxCount(1)
                            .instanceMarketOptions(market -> market.marketType(MarketType.SPOT)
                                    .spotOptions(spot -> spot.spotInstanceType(SpotInstanceType.PERSISTENT)
                                            .maxPrice("0.0001"))))))
                    .isEqualTo("SpotMaxPriceTooLow");
        }
    }

    /** Waits until the request is fulfilled by an instance like that, and answers its id. */
    private static String awaitInstance(Ec2Client ec2, String request, Predicate<String> like) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .until(
                        () -> ec2
                                .describeSpotInstanceRequests(all -> all.filters(
                                        id -> id.name("spot-instance-request-id")
                                                .values(request),
                                        code -> code.name("status-code").values("fulfilled")))
                                .spotInstanceRequests()
                                .stream()
                                .map(SpotInstanceRequest::instanceId)
                                .findFirst()
                                .orElse(""),
                        id -> !id.isEmpty() && like.test(id));
    }

    @Test
    void familiesThatNobodyHasUsedFindRoomInAnyRegion(LocalStack stack) {
        AwsClients account = AwsClients.ofNewAccount(stack);
        String oregon = image(account, "us-west-2");
        try (Ec2Client ec2 = account.ec2(Region.US_WEST_2)) {
            assertThat(ec2.runInstances(wish -> wish.imageId(oregon)
                                    .instanceType(InstanceType.M3_MEDIUM)
                                    .placement(place -> place.availabilityZone("us-west-2d"))
                                    .minCount(3)
                                    .maxCount(3))
                            .instances())
                    .hasSize(3);
            awaitFulfilled(
                    ec2,
                    ec2.requestSpotInstances(wish -> wish.launchSpecification(
                            launch -> launch.imageId(oregon).instanceType(InstanceType.C6_I_LARGE))));
        }
    }

    private static void awaitFulfilled(Ec2Client ec2, RequestSpotInstancesResponse asked) {
        String id = asked.spotInstanceRequests().getFirst().spotInstanceRequestId();
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> ec2.describeSpotInstanceRequests(all -> all.spotInstanceRequestIds(id))
                        .spotInstanceRequests()
                        .getFirst()
                        .status()
                        .code()
                        .equals("fulfilled"));
    }

    @Test
    void whatIsWrongIsRefusedByName(LocalStack stack) {
        AwsClients account = AwsClients.ofNewAccount(stack);
        try (Ec2Client ec2 = account.ec2()) {
            assertThat(codeOf(() -> ec2.describeSpotInstanceRequests(
                            all -> all.spotInstanceRequestIds("sir-00000000000000000"))))
                    .isEqualTo("InvalidSpotInstanceRequestID.NotFound");
            assertThat(codeOf(() -> ec2.cancelSpotInstanceRequests(
                            gone -> gone.spotInstanceRequestIds("sir-00000000000000000"))))
                    .isEqualTo("InvalidSpotInstanceRequestID.NotFound");
            assertThat(codeOf(() -> ec2.requestSpotInstances(wish ->
                            wish.blockDurationMinutes(60).launchSpecification(launch -> launch.imageId("ami-1")))))
                    .isEqualTo("UnsupportedOperation");
            assertThat(codeOf(() -> ec2.requestSpotInstances(
                            wish -> wish.launchSpecification(launch -> launch.imageId(image(account))
                                    .instanceType(InstanceType.M4_LARGE)
                                    .securityGroups("no-such-group")))))
                    .isEqualTo("InvalidGroup.NotFound");
            assertThat(codeOf(() ->
                            ec2.describeSpotFleetInstances(all -> all.spotFleetRequestId("sfr-00000000000000000"))))
                    .isEqualTo("InvalidSpotFleetRequestId.NotFound");
            assertThat(codeOf(() -> ec2.describeFleetInstances(all -> all.fleetId("fleet-00000000000000000"))))
                    .isEqualTo("InvalidFleetId.NotFound");
            assertThat(codeOf(() -> ec2.describeSpotDatafeedSubscription())).isEqualTo("UnsupportedOperation");
        }
    }

    /** A host for two instances. */
    private static void room(AwsClients account) {
        account.operator()
                .post(
                        Service.INSTANCES,
                        "/v1/hosts",
                        Map.of("availabilityZone", ZONE, "family", "m4", "count", 1, "vcpus", 4, "memoryMib", 16384));
    }

    private static String image(AwsClients account) {
        return image(account, "us-east-1");
    }

    private static String image(AwsClients account, String region) {
        for (var image : account.rest()
                .get(Service.INSTANCES, "/v1/images?maxResults=1000&region=" + region)
                .path("images")) {
            if (image.path("architecture").asText().equals("x86_64")
                    && image.path("os").asText().equals("linux")) {
                return image.path("imageId").asText();
            }
        }
        throw new AssertionError("No image");
    }
}
