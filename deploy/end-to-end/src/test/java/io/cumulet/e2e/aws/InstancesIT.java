package io.cumulet.e2e.aws;

import static io.cumulet.e2e.aws.AwsClients.codeOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.e2e.RunningStack;
import io.cumulet.localstack.LocalStack;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.AttributeBooleanValue;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.HttpTokensState;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceAttributeName;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.InstanceType;
import software.amazon.awssdk.services.ec2.model.LocationType;
import software.amazon.awssdk.services.ec2.model.MetadataDefaultHttpTokensState;
import software.amazon.awssdk.services.ec2.model.Reservation;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.RunInstancesResponse;
import software.amazon.awssdk.services.ec2.model.ShutdownBehavior;
import software.amazon.awssdk.services.ec2.model.Tag;

@ExtendWith(RunningStack.class)
class InstancesIT {

    private static final String IMAGE = "ami-08bc385c9fc5afc94";

    private static RunInstancesRequest.Builder launch(int count) {
        return RunInstancesRequest.builder()
                .imageId(IMAGE)
                .instanceType(InstanceType.T3_NANO)
                .minCount(count)
                .maxCount(count);
    }

    @Test
    void whatIsAskedForAtALaunchIsShownAndFound(LocalStack stack) {
        try (Ec2Client ec2 = AwsClients.ofNewAccount(stack).ec2()) {
            ec2.createKeyPair(key -> key.keyName("mine"));
            RunInstancesRequest request = launch(2)
                    .clientToken("once")
                    .keyName("mine")
                    .securityGroups("default")
                    .metadataOptions(options -> options.httpTokens(HttpTokensState.REQUIRED))
                    .instanceInitiatedShutdownBehavior(ShutdownBehavior.TERMINATE)
                    .iamInstanceProfile(profile -> profile.name("web"))
                    .tagSpecifications(tags -> tags.resourceType(ResourceType.INSTANCE)
                            .tags(Tag.builder().key("role").value("web").build()))
                    .build();
            RunInstancesResponse launched = ec2.runInstances(request);
            assertThat(ec2.runInstances(request).reservationId()).isEqualTo(launched.reservationId());
            Instance first = launched.instances().getFirst();
            assertThat(first.placement().availabilityZone()).startsWith("us-east-1");
            assertThat(first.securityGroups())
                    .singleElement()
                    .satisfies(group -> assertThat(group.groupName()).isEqualTo("default"));
            assertThat(first.metadataOptions().httpTokens()).isEqualTo(HttpTokensState.REQUIRED);
            assertThat(first.networkInterfaces().getFirst().attachment().deviceIndex())
                    .isZero();
            assertThat(first.iamInstanceProfile().arn()).endsWith(":instance-profile/web");
            assertThat(first.publicDnsName()).isEmpty();
            assertThat(first.networkInterfaces().getFirst().association().ipOwnerId())
                    .isEqualTo("amazon");

            // The default subnet maps public addresses, and its VPC gives them names.
            assertThat(ec2.describeInstances(asked -> asked.instanceIds(first.instanceId()))
                            .reservations()
                            .getFirst()
                            .instances()
                            .getFirst()
                            .publicDnsName())
                    .isEqualTo("ec2-" + first.publicIpAddress().replace('.', '-') + ".compute-1.amazonaws.com");

            DescribeInstancesResponse found = ec2.describeInstances(asked -> asked.filters(
                    tag -> tag.name("tag:role").values("w*"),
                    state -> state.name("instance-state-name").values("pending", "running"),
                    type -> type.name("instance-type").values("t3.nano", "t9.nothing")));
            assertThat(found.reservations())
                    .singleElement()
                    .satisfies(reservation -> assertThat(reservation.instances())
                            .extracting(Instance::instanceId)
                            .containsExactlyElementsOf(launched.instances().stream()
                                    .map(Instance::instanceId)
                                    .toList()));
            assertThat(codeOf(() -> ec2.describeInstances(asked -> asked.instanceIds("i-00000000000000000"))))
                    .isEqualTo("InvalidInstanceID.NotFound");
            assertThat(codeOf(() -> ec2.describeInstances(asked -> asked.instanceIds("one"))))
                    .isEqualTo("InvalidInstanceID.Malformed");
        }
    }

    @Test
    void anInstanceProfileIsAssociatedReplacedAndDisassociated(LocalStack stack) {
        try (Ec2Client ec2 = AwsClients.ofNewAccount(stack).ec2()) {
            String id =
                    ec2.runInstances(launch(1).build()).instances().getFirst().instanceId();
            String web = ec2.associateIamInstanceProfile(
                            asked -> asked.instanceId(id).iamInstanceProfile(profile -> profile.name("web")))
                    .iamInstanceProfileAssociation()
                    .associationId();
            assertThat(codeOf(() -> ec2.associateIamInstanceProfile(
                            asked -> asked.instanceId(id).iamInstanceProfile(profile -> profile.name("db")))))
                    .isEqualTo("IncorrectState");
            String db = ec2.replaceIamInstanceProfileAssociation(
                            asked -> asked.associationId(web).iamInstanceProfile(profile -> profile.name("db")))
                    .iamInstanceProfileAssociation()
                    .associationId();
            assertThat(ec2.describeIamInstanceProfileAssociations(asked ->
                                    asked.filters(of -> of.name("instance-id").values(id)))
                            .iamInstanceProfileAssociations())
                    .singleElement()
                    .satisfies(association -> {
                        assertThat(association.associationId()).isEqualTo(db).isNotEqualTo(web);
                        assertThat(association.stateAsString()).isEqualTo("associated");
                        assertThat(association.iamInstanceProfile().arn()).endsWith(":instance-profile/db");
                    });
            assertThat(codeOf(() -> ec2.disassociateIamInstanceProfile(asked -> asked.associationId(web))))
                    .isEqualTo("InvalidAssociationID.NotFound");
            ec2.disassociateIamInstanceProfile(asked -> asked.associationId(db));
            assertThat(ec2.describeIamInstanceProfileAssociations().iamInstanceProfileAssociations())
                    .isEmpty();
            assertThat(ec2.describeInstances(asked -> asked.instanceIds(id))
                            .reservations()
                            .getFirst()
                            .instances()
                            .getFirst()
                            .iamInstanceProfile())
                    .isNull();
        }
    }

    @Test
    void anAccountsMetadataDefaultsHoldForLaunchesThatSayNothingOfThem(LocalStack stack) {
        try (Ec2Client ec2 = AwsClients.ofNewAccount(stack).ec2()) {
            assertThat(ec2.getInstanceMetadataDefaults(asked -> {})
                            .accountLevel()
                            .httpTokens())
                    .isNull();
            assertThat(ec2.modifyInstanceMetadataDefaults(
                                    defaults -> defaults.httpTokens(MetadataDefaultHttpTokensState.REQUIRED)
                                            .httpPutResponseHopLimit(2))
                            .returnValue())
                    .isTrue();
            assertThat(ec2.getInstanceMetadataDefaults(asked -> {})
                            .accountLevel()
                            .httpTokens())
                    .isEqualTo(HttpTokensState.REQUIRED);
            Instance launched = ec2.runInstances(launch(1).build()).instances().getFirst();
            assertThat(launched.metadataOptions().httpTokens()).isEqualTo(HttpTokensState.REQUIRED);
            assertThat(launched.metadataOptions().httpPutResponseHopLimit()).isEqualTo(2);
            ec2.modifyInstanceMetadataDefaults(
                    defaults -> defaults.httpTokens(MetadataDefaultHttpTokensState.NO_PREFERENCE)
                            .httpPutResponseHopLimit(-1));
            assertThat(ec2.getInstanceMetadataDefaults(asked -> {})
                            .accountLevel()
                            .httpPutResponseHopLimit())
                    .isNull();
        }
    }

    @Test
    void pagesHoldAsManyAsAskedForAndTogetherAll(LocalStack stack) {
        try (Ec2Client ec2 = AwsClients.ofNewAccount(stack).ec2()) {
            ec2.runInstances(launch(7).build());
            List<String> ids = new ArrayList<>();
            String token = null;
            do {
                String from = token;
                DescribeInstancesResponse page =
                        ec2.describeInstances(asked -> asked.maxResults(5).nextToken(from));
                List<String> onPage = page.reservations().stream()
                        .map(Reservation::instances)
                        .flatMap(List::stream)
                        .map(Instance::instanceId)
                        .toList();
                assertThat(onPage).hasSizeLessThanOrEqualTo(5);
                ids.addAll(onPage);
                token = page.nextToken();
            } while (token != null);
            assertThat(ids).hasSize(7).doesNotHaveDuplicates();
        }
    }

    @Test
    void anInstanceIsStoppedResizedStartedProtectedAndTerminated(LocalStack stack) {
        try (Ec2Client ec2 = AwsClients.ofNewAccount(stack).ec2()) {
            String id =
                    ec2.runInstances(launch(1).build()).instances().getFirst().instanceId();
            ec2.waiter().waitUntilInstanceRunning(asked -> asked.instanceIds(id));
            assertThat(ec2.describeInstanceStatus(asked -> asked.instanceIds(id))
                            .instanceStatuses()
                            .getFirst()
                            .systemStatus()
                            .statusAsString())
                    .isEqualTo("ok");
            assertThat(codeOf(() -> ec2.modifyInstanceAttribute(
                            change -> change.instanceId(id).instanceType(type -> type.value("t3.micro")))))
                    .isEqualTo("IncorrectInstanceState");
            assertThat(codeOf(
                            () -> ec2.stopInstances(stop -> stop.instanceIds(id).dryRun(true))))
                    .isEqualTo("DryRunOperation");
            assertThat(ec2.stopInstances(stop -> stop.instanceIds(id))
                            .stoppingInstances()
                            .getFirst()
                            .previousState()
                            .name())
                    .isEqualTo(InstanceStateName.RUNNING);
            ec2.waiter().waitUntilInstanceStopped(asked -> asked.instanceIds(id));
            ec2.modifyInstanceAttribute(change -> change.instanceId(id).instanceType(type -> type.value("t3.micro")));
            ec2.modifyInstanceAttribute(change -> change.instanceId(id)
                    .sourceDestCheck(
                            AttributeBooleanValue.builder().value(false).build()));
            ec2.modifyInstanceAttribute(change -> change.instanceId(id).disableApiTermination(on -> on.value(true)));
            assertThat(ec2.describeInstanceAttribute(
                                    asked -> asked.instanceId(id).attribute(InstanceAttributeName.SOURCE_DEST_CHECK))
                            .sourceDestCheck()
                            .value())
                    .isFalse();
            ec2.startInstances(start -> start.instanceIds(id));
            assertThat(codeOf(() -> ec2.terminateInstances(end -> end.instanceIds(id))))
                    .isEqualTo("OperationNotPermitted");
            ec2.modifyInstanceAttribute(change -> change.instanceId(id).disableApiTermination(on -> on.value(false)));
            assertThat(ec2.terminateInstances(end -> end.instanceIds(id))
                            .terminatingInstances()
                            .getFirst()
                            .currentState()
                            .name())
                    .isEqualTo(InstanceStateName.SHUTTING_DOWN);
        }
    }

    @Test
    void commandsWaitForWhatIsOnItsWay(LocalStack stack) {
        try (Ec2Client ec2 = AwsClients.ofNewAccount(stack).ec2()) {
            String id =
                    ec2.runInstances(launch(1).build()).instances().getFirst().instanceId();
            assertThat(ec2.stopInstances(stop -> stop.instanceIds(id))
                            .stoppingInstances()
                            .getFirst()
                            .currentState()
                            .name())
                    .isEqualTo(InstanceStateName.STOPPING);
            ec2.modifyInstanceAttribute(change -> change.instanceId(id).instanceType(type -> type.value("t3.micro")));
            assertThat(ec2.startInstances(start -> start.instanceIds(id))
                            .startingInstances()
                            .getFirst()
                            .currentState()
                            .name())
                    .isEqualTo(InstanceStateName.PENDING);
            ec2.rebootInstances(boot -> boot.instanceIds(id));
            ec2.terminateInstances(end -> end.instanceIds(id));
            assertThat(codeOf(() -> ec2.startInstances(start -> start.instanceIds(id))))
                    .isEqualTo("IncorrectInstanceState");
            assertThat(codeOf(() -> ec2.terminateInstances(none -> {}))).isEqualTo("InvalidParameterCombination");
        }
    }

    @Test
    void instancesAreListedInTheOrderInWhichTheyWereLaunched(LocalStack stack) {
        AwsClients account = AwsClients.ofNewAccount(stack);
        // While it stands all are launched at the same moment.
        account.operator().runClock();
        try (Ec2Client ec2 = account.ec2()) {
            List<String> launched = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                ec2.runInstances(launch(2).build()).instances().forEach(one -> launched.add(one.instanceId()));
            }
            assertThat(ec2.describeInstances().reservations().stream()
                            .flatMap(reservation -> reservation.instances().stream())
                            .map(Instance::instanceId))
                    .containsExactlyElementsOf(launched);
        }
    }

    @Test
    void typesAreToldAsTheCatalogHasThem(LocalStack stack) {
        try (Ec2Client ec2 = AwsClients.ofNewAccount(stack).ec2()) {
            assertThat(ec2.describeInstanceTypes(asked -> asked.instanceTypes(InstanceType.M4_LARGE))
                            .instanceTypes())
                    .singleElement()
                    .satisfies(type -> {
                        assertThat(type.vCpuInfo().defaultVCpus()).isEqualTo(2);
                        assertThat(type.memoryInfo().sizeInMiB()).isEqualTo(8192);
                    });
            assertThat(codeOf(() -> ec2.describeInstanceTypes(asked -> asked.instanceTypesWithStrings("t9.nothing"))))
                    .isEqualTo("InvalidInstanceType");
            assertThat(ec2.describeInstanceTypes(asked -> asked.filters(
                                    memory -> memory.name("memory-info.size-in-mib")
                                            .values("512"),
                                    family -> family.name("instance-type").values("t3.*")))
                            .instanceTypes())
                    .extracting(type -> type.instanceTypeAsString())
                    .containsExactly("t3.nano");
            assertThat(ec2.describeInstanceTypeOfferings(asked -> asked.locationType(LocationType.AVAILABILITY_ZONE)
                                    .filters(type -> type.name("instance-type").values("m4.large")))
                            .instanceTypeOfferings())
                    .isNotEmpty()
                    .allSatisfy(offering -> assertThat(offering.location()).startsWith("us-east-1"));
        }
    }
}
