package io.cumulet.e2e.aws;

import static io.cumulet.e2e.aws.AwsClients.codeOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.e2e.RunningStack;
import io.cumulet.localstack.LocalStack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.CreateKeyPairResponse;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.ImageAttributeName;
import software.amazon.awssdk.services.ec2.model.InstanceType;
import software.amazon.awssdk.services.ec2.model.LaunchPermission;
import software.amazon.awssdk.services.ec2.model.PermissionGroup;
import software.amazon.awssdk.services.ec2.model.ResetImageAttributeName;
import software.amazon.awssdk.services.ssm.SsmClient;

@ExtendWith(RunningStack.class)
class ImagesAndKeysIT {

    private static final String IMAGE = "ami-08bc385c9fc5afc94";
    private static final String AL2023 = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";
    private static final String ED25519 =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMm7TcVSBGDrCNpcd1gFD/8ORCqKUAZCAulkD/peIdl2";

    @Test
    void keyPairsAreMadeImportedFoundAndDeleted(LocalStack stack) {
        try (Ec2Client ec2 = AwsClients.ofNewAccount(stack).ec2()) {
            CreateKeyPairResponse made = ec2.createKeyPair(wish -> wish.keyName("made"));
            assertThat(made.keyMaterial()).startsWith("-----BEGIN RSA PRIVATE KEY-----");
            assertThat(made.keyFingerprint()).matches("([0-9a-f]{2}:){19}[0-9a-f]{2}");
            assertThat(ec2.importKeyPair(wish -> wish.keyName("theirs")
                                    .publicKeyMaterial(SdkBytes.fromUtf8String(ED25519 + " somebody")))
                            .keyFingerprint())
                    .isEqualTo("c18QYmH2kYb8b3d+Uu8NqmDK01b90UF9cpsFRHUIBVk=");
            assertThat(ec2.describeKeyPairs(all -> all.keyNames("theirs").includePublicKey(true))
                            .keyPairs()
                            .getFirst()
                            .publicKey())
                    .startsWith(ED25519);
            assertThat(codeOf(() -> ec2.createKeyPair(wish -> wish.keyName("made"))))
                    .isEqualTo("InvalidKeyPair.Duplicate");
            assertThat(codeOf(() -> ec2.importKeyPair(
                            wish -> wish.keyName("odd").publicKeyMaterial(SdkBytes.fromUtf8String("odd")))))
                    .isEqualTo("InvalidKey.Format");
            assertThat(ec2.deleteKeyPair(which -> which.keyName("made")).keyPairId())
                    .isEqualTo(made.keyPairId());
            ec2.deleteKeyPair(which -> which.keyName("made"));
            assertThat(codeOf(() -> ec2.describeKeyPairs(all -> all.keyNames("made"))))
                    .isEqualTo("InvalidKeyPair.NotFound");
        }
    }

    @Test
    void publicImagesAreFoundByOwnerAndName(LocalStack stack) {
        try (Ec2Client ec2 = AwsClients.ofNewAccount(stack).ec2()) {
            assertThat(ec2.describeImages(all -> all.owners("amazon")
                                    .filters(
                                            name -> name.name("name").values("al2023-ami-2023*-x86_64"),
                                            state -> state.name("state").values("available")))
                            .images())
                    .isNotEmpty()
                    .allSatisfy(image -> {
                        assertThat(image.imageOwnerAlias()).isEqualTo("amazon");
                        assertThat(image.platformDetails()).isEqualTo("Linux/UNIX");
                        assertThat(image.publicLaunchPermissions()).isTrue();
                    });
            assertThat(codeOf(() -> ec2.describeImages(all -> all.imageIds("ami-0dead0dead0dead00"))))
                    .isEqualTo("InvalidAMIID.NotFound");
            assertThat(codeOf(() -> ec2.describeImages(all -> all.imageIds("image"))))
                    .isEqualTo("InvalidAMIID.Malformed");
        }
    }

    @Test
    void anImageIsSharedAndTakenBack(LocalStack stack) {
        AwsClients owner = AwsClients.ofNewAccount(stack);
        AwsClients friend = AwsClients.ofNewAccount(stack);
        try (Ec2Client mine = owner.ec2();
                Ec2Client theirs = friend.ec2()) {
            String id = mine.copyImage(
                            wish -> wish.name("copy").sourceImageId(IMAGE).sourceRegion("us-east-1"))
                    .imageId();
            assertThat(codeOf(() -> theirs.describeImages(all -> all.imageIds(id))))
                    .isEqualTo("InvalidAMIID.NotFound");
            mine.modifyImageAttribute(change -> change.imageId(id)
                    .launchPermission(permission -> permission.add(LaunchPermission.builder()
                            .userId(friend.accountId())
                            .build())));
            assertThat(theirs.describeImages(all -> all.executableUsers("self")).images())
                    .extracting(Image::imageId)
                    .containsExactly(id);
            assertThat(mine.describeImages(all -> all.owners("self")).images())
                    .extracting(Image::imageId)
                    .containsExactly(id);
            mine.modifyImageAttribute(change -> change.imageId(id)
                    .launchPermission(permission -> permission.add(LaunchPermission.builder()
                            .group(PermissionGroup.ALL)
                            .build())));
            assertThat(mine.describeImageAttribute(of -> of.imageId(id).attribute(ImageAttributeName.LAUNCH_PERMISSION))
                            .launchPermissions())
                    .hasSize(2);
            mine.resetImageAttribute(of -> of.imageId(id).attribute(ResetImageAttributeName.LAUNCH_PERMISSION));
            assertThat(codeOf(() -> theirs.describeImages(all -> all.imageIds(id))))
                    .isEqualTo("InvalidAMIID.NotFound");
            mine.deregisterImage(which -> which.imageId(id));
            assertThat(mine.describeImages(all -> all.owners("self")).images()).isEmpty();
        }
    }

    @Test
    void theNewestImageIsFoundByItsParameterAndLaunchedByItsName(LocalStack stack) {
        AwsClients account = AwsClients.ofNewAccount(stack);
        try (Ec2Client ec2 = account.ec2();
                SsmClient parameters = account.of(SsmClient.builder(), Region.US_EAST_1)) {
            String image = parameters
                    .getParameter(which -> which.name(AL2023))
                    .parameter()
                    .value();
            assertThat(ec2.describeImages(all -> all.imageIds(image))
                            .images()
                            .getFirst()
                            .name())
                    .startsWith("al2023-ami-2023.");
            assertThat(parameters
                            .getParametersByPathPaginator(
                                    of -> of.path("/aws/service/").recursive(true))
                            .stream()
                            .mapToInt(page -> page.parameters().size())
                            .sum())
                    .isGreaterThan(50);
            assertThat(parameters
                            .getParameters(all -> all.names(AL2023, "/mine"))
                            .invalidParameters())
                    .containsExactly("/mine");
            assertThat(codeOf(() -> parameters.getParameter(which -> which.name("/mine"))))
                    .isEqualTo("ParameterNotFound");

            ec2.createLaunchTemplate(template -> template.launchTemplateName("newest")
                    .launchTemplateData(
                            data -> data.imageId("resolve:ssm:" + AL2023).instanceType(InstanceType.T3_MICRO)));
            assertThat(ec2.describeLaunchTemplateVersions(all -> all.launchTemplateName("newest")
                                    .versions("1")
                                    .resolveAlias(true))
                            .launchTemplateVersions()
                            .getFirst()
                            .launchTemplateData()
                            .imageId())
                    .isEqualTo(image);
            assertThat(ec2.runInstances(launch -> launch.launchTemplate(named -> named.launchTemplateName("newest"))
                                    .minCount(1)
                                    .maxCount(1))
                            .instances()
                            .getFirst()
                            .imageId())
                    .isEqualTo(image);
            assertThat(codeOf(() -> ec2.runInstances(launch ->
                            launch.imageId("resolve:ssm:/mine").minCount(1).maxCount(1))))
                    .isEqualTo("SsmInvalidParameter");
        }
    }
}
