package io.cumulet.e2e.aws;

import static io.cumulet.e2e.aws.AwsClients.codeOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.e2e.RunningStack;
import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.Service;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.ArchitectureType;
import software.amazon.awssdk.services.ec2.model.CreateFleetRequest;
import software.amazon.awssdk.services.ec2.model.CreateFleetResponse;
import software.amazon.awssdk.services.ec2.model.DefaultTargetCapacityType;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.FleetData;
import software.amazon.awssdk.services.ec2.model.FleetType;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceType;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.VirtualizationType;

/** EC2 Fleets from launch templates through the usual client. */
@ExtendWith(RunningStack.class)
class FleetsIT {

    private static final String ZONE = "us-east-1c";
    private static final String NAME = "workers";

    @Test
    void anInstantFleetAnswersItsInstancesAndIsShownToWhoNamesIt(LocalStack stack) {
        AwsClients account = AwsClients.ofNewAccount(stack);
        room(account);
        try (Ec2Client ec2 = account.ec2()) {
            String template = template(account, ec2);
            CreateFleetResponse made = ec2.createFleet(fleet(FleetType.INSTANT, 2)
                    .tagSpecifications(
                            tags -> tags.resourceType(ResourceType.FLEET)
                                    .tags(Tag.builder().key("Name").value("two").build()),
                            tags -> tags.resourceType(ResourceType.VOLUME)
                                    .tags(Tag.builder()
                                            .key("Name")
                                            .value("none")
                                            .build()))
                    .build());
            assertThat(made.errors()).isEmpty();
            assertThat(made.instances()).singleElement().satisfies(group -> {
                assertThat(group.instanceIds()).hasSize(2).allMatch(id -> id.startsWith("i-"));
                assertThat(group.lifecycleAsString()).isEqualTo("spot");
                assertThat(group.launchTemplateAndOverrides()
                                .launchTemplateSpecification()
                                .launchTemplateId())
                        .isEqualTo(template);
                assertThat(group.launchTemplateAndOverrides().overrides().instanceType())
                        .isEqualTo(InstanceType.M4_LARGE);
            });

            assertThat(ec2.describeFleets().fleets()).isEmpty();
            FleetData shown = ec2.describeFleets(all -> all.fleetIds(made.fleetId()))
                    .fleets()
                    .getFirst();
            assertThat(shown.typeAsString()).isEqualTo("instant");
            assertThat(shown.targetCapacitySpecification().spotTargetCapacity()).isEqualTo(2);
            assertThat(shown.launchTemplateConfigs().getFirst().launchTemplateSpecification())
                    .satisfies(
                            specification -> assertThat(specification.version()).isEqualTo("$Latest"));
            assertThat(shown.instances().getFirst().instanceIds()).hasSize(2);
            assertThat(shown.tags())
                    .containsExactly(Tag.builder().key("Name").value("two").build());
            ec2.deleteFleets(gone -> gone.fleetIds(made.fleetId()).terminateInstances(true));
        }
    }

    @Test
    void aFleetIsOnDemandInPartAndItsInstancesTellOfIt(LocalStack stack) {
        AwsClients account = AwsClients.ofNewAccount(stack);
        room(account);
        try (Ec2Client ec2 = account.ec2()) {
            template(account, ec2);
            CreateFleetResponse made = ec2.createFleet(fleet(FleetType.INSTANT, 2)
                    .targetCapacitySpecification(target -> target.totalTargetCapacity(2)
                            .onDemandTargetCapacity(1)
                            .defaultTargetCapacityType(DefaultTargetCapacityType.SPOT))
                    .build());
            assertThat(made.instances())
                    .extracting(group -> group.lifecycleAsString())
                    .containsExactlyInAnyOrder("on-demand", "spot");
            String id = made.instances().stream()
                    .filter(group -> group.lifecycleAsString().equals("on-demand"))
                    .flatMap(group -> group.instanceIds().stream())
                    .findFirst()
                    .orElseThrow();
            assertThat(ec2.describeInstances(one -> one.instanceIds(id))
                            .reservations()
                            .getFirst()
                            .instances()
                            .getFirst()
                            .tags())
                    .contains(Tag.builder()
                            .key("aws:ec2:fleet-id")
                            .value(made.fleetId())
                            .build());
            FleetData shown = ec2.describeFleets(all -> all.fleetIds(made.fleetId()))
                    .fleets()
                    .getFirst();
            assertThat(shown.targetCapacitySpecification().onDemandTargetCapacity())
                    .isEqualTo(1);
            assertThat(shown.fulfilledOnDemandCapacity()).isEqualTo(1);
            ec2.deleteFleets(gone -> gone.fleetIds(made.fleetId()).terminateInstances(true));
            assertThat(ec2.describeInstances(one -> one.instanceIds(id))
                            .reservations()
                            .getFirst()
                            .instances()
                            .getFirst()
                            .state()
                            .nameAsString())
                    .isIn("shutting-down", "terminated");
        }
    }

    @Test
    void aMaintainedFleetIsModifiedToldOfAndDeleted(LocalStack stack) {
        AwsClients account = AwsClients.ofNewAccount(stack);
        try (Ec2Client ec2 = account.ec2()) {
            template(account, ec2);
            String id = ec2.createFleet(fleet(FleetType.MAINTAIN, 1).build()).fleetId();
            ec2.modifyFleet(
                    change -> change.fleetId(id).targetCapacitySpecification(target -> target.totalTargetCapacity(0)));
            FleetData shown = ec2.describeFleets(all -> all.filters(
                            state -> state.name("fleet-state").values("active", "modifying"),
                            type -> type.name("type").values("maintain")))
                    .fleets()
                    .getFirst();
            assertThat(shown.fleetId()).isEqualTo(id);
            assertThat(shown.targetCapacitySpecification().totalTargetCapacity())
                    .isZero();
            assertThat(ec2.describeFleetHistory(all -> all.fleetId(id).startTime(Instant.EPOCH))
                            .historyRecords())
                    .extracting(record -> record.eventInformation().eventSubType())
                    .contains("submitted", "active", "modify_in_progress");
            assertThat(ec2.deleteFleets(
                            gone -> gone.fleetIds(id, "fleet-00000000000000000").terminateInstances(true)))
                    .satisfies(answer -> {
                        assertThat(answer.successfulFleetDeletions().getFirst().fleetId())
                                .isEqualTo(id);
                        assertThat(answer.unsuccessfulFleetDeletions()
                                        .getFirst()
                                        .error()
                                        .codeAsString())
                                .isEqualTo("fleetIdDoesNotExist");
                    });
        }
    }

    @Test
    void aFleetMaySayWhatItsTypesHaveToHaveInsteadOfNamingThem(LocalStack stack) {
        AwsClients account = AwsClients.ofNewAccount(stack);
        room(account);
        try (Ec2Client ec2 = account.ec2()) {
            String image = image(account);
            ec2.createLaunchTemplate(made -> made.launchTemplateName(NAME)
                    .launchTemplateData(data -> data.imageId(image)
                            .networkInterfaces(one -> one.deviceIndex(0).associatePublicIpAddress(false))
                            .tagSpecifications(
                                    tags -> tags.resourceType(ResourceType.NETWORK_INTERFACE)
                                            .tags(Tag.builder()
                                                    .key("of")
                                                    .value("fleet")
                                                    .build()),
                                    tags -> tags.resourceType(ResourceType.VOLUME)
                                            .tags(Tag.builder()
                                                    .key("of")
                                                    .value("none")
                                                    .build()))
                            .instanceRequirements(wanted -> wanted.vCpuCount(
                                            cpus -> cpus.min(2).max(2))
                                    .memoryMiB(memory -> memory.min(8192).max(8192))
                                    .allowedInstanceTypes("m4.*"))));
            CreateFleetResponse made = ec2.createFleet(fleet(FleetType.INSTANT, 1)
                    .launchTemplateConfigs(config -> config.launchTemplateSpecification(
                                    named -> named.launchTemplateName(NAME).version("$Latest"))
                            .overrides(override -> override.availabilityZone(ZONE)))
                    .build());
            assertThat(made.errors()).isEmpty();
            String id = made.instances().getFirst().instanceIds().getFirst();
            Instance instance = ec2.describeInstances(all -> all.instanceIds(id))
                    .reservations()
                    .getFirst()
                    .instances()
                    .getFirst();
            assertThat(instance.instanceType()).isEqualTo(InstanceType.M4_LARGE);
            assertThat(instance.publicIpAddress()).isNull();
            assertThat(ec2.describeNetworkInterfaces(all -> all.filters(Filter.builder()
                                    .name("tag:of")
                                    .values("fleet")
                                    .build()))
                            .networkInterfaces())
                    .singleElement()
                    .satisfies(one -> assertThat(one.attachment().instanceId()).isEqualTo(id));

            assertThat(codeOf(() -> ec2.createFleet(fleet(FleetType.INSTANT, 1)
                            .launchTemplateConfigs(config -> config.launchTemplateSpecification(named ->
                                            named.launchTemplateName(NAME).version("1"))
                                    .overrides(override -> override.instanceRequirements(
                                            wanted -> wanted.vCpuCount(cpus -> cpus.min(2))
                                                    .memoryMiB(memory -> memory.min(1))
                                                    .networkBandwidthGbps(speed -> speed.min(10.0)))))
                            .build())))
                    .isEqualTo("UnsupportedOperation");
            assertThat(codeOf(() -> ec2.createFleet(fleet(FleetType.INSTANT, 1)
                            .launchTemplateConfigs(config -> config.launchTemplateSpecification(named ->
                                            named.launchTemplateName(NAME).version("1"))
                                    .overrides(override -> override.instanceRequirements(
                                            wanted -> wanted.vCpuCount(cpus -> cpus.min(9999))
                                                    .memoryMiB(memory -> memory.min(1)))))
                            .build())))
                    .startsWith("InvalidFleetConfig");
            assertThat(ec2.getSpotPlacementScores(asked -> asked.targetCapacity(1)
                                    .regionNames("us-east-1")
                                    .instanceRequirementsWithMetadata(wanted -> wanted.architectureTypes(
                                                    ArchitectureType.X86_64)
                                            .virtualizationTypes(VirtualizationType.HVM)
                                            .instanceRequirements(types -> types.vCpuCount(
                                                            cpus -> cpus.min(2).max(4))
                                                    .memoryMiB(memory -> memory.min(4096)))))
                            .spotPlacementScores())
                    .singleElement()
                    .satisfies(score -> assertThat(score.region()).isEqualTo("us-east-1"));
        }
    }

    @Test
    void whatAFleetCannotDoIsRefusedByName(LocalStack stack) {
        AwsClients account = AwsClients.ofNewAccount(stack);
        try (Ec2Client ec2 = account.ec2()) {
            template(account, ec2);
            assertThat(codeOf(() -> ec2.createFleet(fleet(FleetType.INSTANT, 1)
                            .targetCapacitySpecification(target -> target.totalTargetCapacity(1)
                                    .defaultTargetCapacityType(DefaultTargetCapacityType.ON_DEMAND))
                            .onDemandOptions(options -> options.maxTotalPrice("1"))
                            .build())))
                    .isEqualTo("UnsupportedOperation");
            assertThat(codeOf(() -> ec2.createFleet(fleet(FleetType.INSTANT, 1)
                            .launchTemplateConfigs(config -> config.launchTemplateSpecification(named ->
                                    named.launchTemplateName("no-such-template").version("1")))
                            .build())))
                    .startsWith("InvalidLaunchTemplateName.NotFound");
        }
    }

    private static CreateFleetRequest.Builder fleet(FleetType type, int target) {
        return CreateFleetRequest.builder()
                .type(type)
                .launchTemplateConfigs(config -> config.launchTemplateSpecification(
                                named -> named.launchTemplateName(NAME).version("$Latest"))
                        .overrides(override ->
                                override.instanceType(InstanceType.M4_LARGE).availabilityZone(ZONE)))
                .targetCapacitySpecification(capacity ->
                        capacity.totalTargetCapacity(target).defaultTargetCapacityType(DefaultTargetCapacityType.SPOT));
    }

    private static String template(AwsClients account, Ec2Client ec2) {
        String image = image(account);
        return ec2.createLaunchTemplate(
                        made -> made.launchTemplateName(NAME).launchTemplateData(data -> data.imageId(image)))
                .launchTemplate()
                .launchTemplateId();
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
        for (var image : account.rest()
                .get(Service.INSTANCES, "/v1/images?maxResults=1000")
                .path("images")) {
            if (image.path("architecture").asText().equals("x86_64")
                    && image.path("os").asText().equals("linux")) {
                return image.path("imageId").asText();
            }
        }
        throw new AssertionError("No image");
    }
}
